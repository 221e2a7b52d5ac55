import { type Collection, useNames } from '../../api/names.js';
import { SelectField } from '../../components/select-field.js';
import { usePlace } from '../../shell/location.js';

interface NameChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly collection: Collection;
  readonly onChange: (event: Event) => void;
}

/** A filter by an object, chosen by its name. */
export function NameChoice({ name, label, collection, onChange }: NameChoiceProps) {
  const value = usePlace().query[name];
  const options = useNames(collection);
  return <SelectField name={name} label={label} options={options} value={value} none="any" onChange={onChange} />;
}
