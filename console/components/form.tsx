import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem.js';
import { useAction } from '../api/use-action.js';
import type { Texts } from './form-values.js';
import { ProblemNotice } from './problem-notice.js';

interface FormProps {
  /** What its button says. */
  readonly submit: string;
  readonly perform: (texts: Texts) => Promise<unknown>;
  /** Pointers of what its fields show themselves; faults elsewhere stand at its end. */
  readonly pointers: readonly string[];
  /** Beside its button: the way out. */
  readonly beside?: ComponentChildren;
  readonly class?: string;
  /** Its fields, given what is wrong with them. */
  readonly children: (problem: Problem | undefined) => ComponentChildren;
}

/** Fields that are sent together, and what the API says of them. */
export function Form({ submit, perform, pointers, beside, class: className = '', children }: FormProps) {
  const { run, busy, problem } = useAction(perform);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(textsOf(event.currentTarget as HTMLFormElement));
  };
  return (
    <form class={`stack ${className}`} onSubmit={onSubmit}>
      {children(problem)}
      <ProblemNotice problem={problem} shown={pointers} />
      <div class="actions">
        {beside}
        <button type="submit" class="button primary" disabled={busy}>
          {submit}
        </button>
      </div>
    </form>
  );
}

const textsOf = (form: HTMLFormElement): Texts =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
