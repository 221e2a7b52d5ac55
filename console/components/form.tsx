import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Problem } from '../api/problem.js';
import { useAction } from '../api/use-action.js';
import { AsCode } from './as-code.js';
import type { ApiCall } from './code-languages.js';
import type { Texts } from './form-values.js';
import { ProblemNotice } from './problem-notice.js';

interface FormProps {
  /** Label of the form's button. */
  readonly submit: string;
  readonly kind?: 'danger' | undefined;
  readonly perform: (texts: Texts) => Promise<unknown>;
  /** Pointers of faults that the fields show; other faults are shown at the form's end. */
  readonly pointers: readonly string[];
  /** Shown beside the form's button, such as a link that leaves the form. */
  readonly beside?: ComponentChildren;
  /** The call that the form makes of its texts; the form shows it as code, too. Undefined where no program makes it, such as a sign-in. */
  readonly callOf: ((texts: Texts) => ApiCall) | undefined;
  /** The fields are shown, and cannot be changed. */
  readonly readOnly?: boolean;
  readonly class?: string;
  /** The form's fields, given the API's problem. */
  readonly children: (problem: Problem | undefined) => ComponentChildren;
}

/** Fields that are sent together, with the API's problem. */
export function Form({
  submit,
  kind,
  perform,
  pointers,
  beside,
  callOf,
  readOnly = false,
  class: className = '',
  children,
}: FormProps) {
  const { run, busy, problem } = useAction(perform);
  const form = useRef<HTMLFormElement>(null);
  const [showsCode, showCode] = useState(false);
  const [, setChanges] = useState(0);
  // The code is made anew of what is typed.
  const typed = () => showsCode && setChanges((count) => count + 1);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(textsOf(event.currentTarget as HTMLFormElement));
  };
  return (
    <form class={`stack ${className}`} onSubmit={onSubmit} onInput={typed} ref={form}>
      <fieldset class="fields stack" disabled={readOnly}>
        {children(problem)}
      </fieldset>
      <ProblemNotice problem={problem} shown={pointers} />
      {!readOnly && (
        <div class="actions">
          {beside}
          <button type="submit" class={`button ${kind ?? 'primary'}`} disabled={busy}>
            {submit}
          </button>
        </div>
      )}
      {callOf && !readOnly && (
        <details class="as-code" onToggle={(event) => showCode(event.currentTarget.open)}>
          <summary class="small">As code</summary>
          {showsCode && <AsCode callOf={() => callOf(textsOf(form.current!))} />}
        </details>
      )}
    </form>
  );
}

const textsOf = (form: HTMLFormElement): Texts =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
