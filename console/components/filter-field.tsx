import { useEffect, useRef, useState } from 'preact/hooks';
import { usePlace } from '../shell/location.js';
import { Field } from './field.js';

interface FilterFieldProps {
  /** The filter's name in the address. */
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
}

/** Milliseconds without typing before a filter applies. */
const PAUSE_MS = 350;

/** A filter by a text, which applies when typing pauses, or at once with Enter. */
export function FilterField({ name, ...field }: FilterFieldProps) {
  const { query, filter } = usePlace();
  const applied = query[name] ?? '';
  const [typed, setTyped] = useState(applied);
  const apply = useRef((_text: string) => {});
  apply.current = (text) => {
    if (text.trim() !== applied) filter({ [name]: text.trim(), cursor: undefined });
  };
  // Another way to change the address, such as the browser's back button, changes the field.
  useEffect(() => setTyped((text) => (text.trim() === applied ? text : applied)), [applied]);
  useEffect(() => {
    const timer = setTimeout(() => apply.current(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Field
      {...field}
      name={name}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && apply.current(typed)}
      autocomplete="off"
      spellcheck={false}
    />
  );
}
