import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '../api/problem.js';
import { Field } from './field.js';
import { type PayloadKind, payloadKind, payloadText } from './form-values.js';
import { jsonFault } from './json-fault.js';
import './payload-field.css';

interface PayloadFieldProps {
  /** The payload that the field shows first. */
  readonly payload?: unknown;
  readonly hint: ComponentChildren;
  readonly rows: number;
  readonly problem: Problem | undefined;
}

const KINDS: readonly (readonly [PayloadKind, string])[] = [
  ['json', 'JSON'],
  ['text', 'Text'],
];

/** A payload: JSON, which is read while the user types, or text. A form with a fault in its JSON is not sent. */
export function PayloadField({ payload, hint, rows, problem }: PayloadFieldProps) {
  const [kind, setKind] = useState(() => payloadKind(payload));
  const [text, setText] = useState(() => payloadText(payload));
  const fault = kind === 'json' ? jsonFault(text) : undefined;
  return (
    <div class="payload-field">
      <Field name="payload" label="Payload" hint={hint} problem={problem} fault={fault}>
        {(props) => (
          <textarea
            {...props}
            class="code"
            rows={rows}
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            ref={(area) => area?.setCustomValidity(fault ?? '')}
          />
        )}
      </Field>
      <fieldset class="payload-kinds" aria-label="JSON or text">
        {KINDS.map(([one, label]) => (
          <label key={one} class="choice">
            <input type="radio" name="payload_kind" value={one} checked={kind === one} onChange={() => setKind(one)} />
            {label}
          </label>
        ))}
      </fieldset>
    </div>
  );
}
