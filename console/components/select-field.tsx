import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem.js';
import { Field } from './field.js';

interface SelectFieldProps {
  readonly name: string;
  readonly label: string;
  /** Value and text, in order. */
  readonly options: Iterable<readonly [string, string]>;
  readonly value?: string | null | undefined;
  /** Text of the empty value; without `none` there is no empty value. */
  readonly none?: string;
  readonly hint?: ComponentChildren;
  readonly problem?: Problem | undefined;
  readonly onChange?: (event: Event) => void;
}

/** A choice among options; a value outside the options is shown unchanged. */
export function SelectField({ options, value, none, onChange, ...field }: SelectFieldProps) {
  const known = [...options];
  const all = value && !known.some(([one]) => one === value) ? [[value, value] as const, ...known] : known;
  return (
    <Field {...field}>
      {(props) => (
        <select {...props} onChange={onChange}>
          {none !== undefined && <option value="">{none}</option>}
          {all.map(([one, text]) => (
            <option key={one} value={one} selected={one === (value ?? '')}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** The words of an enumeration as options. */
export const wordOptions = (words: readonly string[]): readonly (readonly [string, string])[] =>
  words.map((word) => [word, word.replaceAll('_', ' ')]);
