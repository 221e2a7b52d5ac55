import { useState } from 'preact/hooks';
import { problemOf } from '../api/problem.js';
import { CodeBlock } from './code-block.js';
import { type ApiCall, isIdle, LANGUAGES } from './code-languages.js';

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
function codeOf(callOf: () => ApiCall, written: (call: ApiCall, origin: string) => string): string {
  try {
    const call = callOf();
    return isIdle(call) ? 'Change a field first: only what is changed is sent.' : written(call, location.origin);
  } catch (error) {
    return problemOf(error).detail ?? 'Fill the form first.';
  }
}
