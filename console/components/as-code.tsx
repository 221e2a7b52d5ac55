import { useState } from 'preact/hooks';
import { bodyText } from '../api/exact-payload.js';
import { problemOf } from '../api/problem.js';
import { CodeBlock } from './code-block.js';
import { curlCommand } from './curl.js';
import { onLines } from './form-values.js';

/** A call of the API, as a form would make it. */
export interface ApiCall {
  readonly path: string;
  /** The client's method, such as `events.publish`. */
  readonly method: string;
  readonly body: object;
}

const LANGUAGES: Readonly<Record<string, (call: ApiCall) => string>> = {
  curl: ({ path, body }) => curlCommand('POST', path, onLines(bodyText(body))),
  TypeScript: ({ method, body }) => `await punctual.${method}(${onLines(bodyText(body))});`,
};

/** The call that a form would make, to be pasted into a terminal or a program. */
export function AsCode({ callOf }: { readonly callOf: () => ApiCall }) {
  const [language, setLanguage] = useState('curl');
  return (
    <div class="stack-tight">
      <select aria-label="Language" value={language} onChange={(event) => setLanguage(event.currentTarget.value)}>
        {Object.keys(LANGUAGES).map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <CodeBlock label="As code" text={codeOf(callOf, LANGUAGES[language]!)} />
    </div>
  );
}

/** The code; for values that make no call, such as a payload with a fault, what is wrong with them. */
function codeOf(callOf: () => ApiCall, written: (call: ApiCall) => string): string {
  try {
    return written(callOf());
  } catch (error) {
    return problemOf(error).detail ?? 'Fill the form first.';
  }
}
