import { type Collection, useNames } from '../../api/names.js';
import { Field } from '../../components/field.js';
import { usePlace } from '../../shell/location.js';

interface NameChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly collection: Collection;
  readonly onChange: (event: Event) => void;
}

/** A filter by an object that has a name; one that the list does not hold shows by its id. */
export function NameChoice({ name, label, collection, onChange }: NameChoiceProps) {
  const chosen = usePlace().query[name] ?? '';
  const names = useNames(collection);
  return (
    <Field name={name} label={label}>
      {(props) => (
        <select {...props} value={chosen} onChange={onChange}>
          <option value="">any</option>
          {chosen && !names.has(chosen) && <option value={chosen}>{chosen}</option>}
          {[...names].map(([id, text]) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
