import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useAction } from '../../api/use-action.js';
import { Dialog } from '../../components/dialog.js';
import { Field } from '../../components/field.js';
import { textsOf } from '../../components/form-texts.js';
import { ProblemNotice } from '../../components/problem-notice.js';

interface ResolveProps {
  readonly letter: Schemas['DeadLetter'];
  readonly onResolved: () => void;
}

/** Closes a dead letter that needs no replay, with a note that says why. */
export function Resolve({ letter, onResolved }: ResolveProps) {
  const { api } = useProject();
  const [open, setOpen] = useState(false);
  const { run, busy, problem, clear } = useAction(async (form: HTMLFormElement) => {
    const options = { params: { path: { id: letter.id } }, body: { note: textsOf(form)['note'] ?? '' } };
    await answerOf(api.POST('/v1/dead-letters/{id}/resolve', options));
    setOpen(false);
    onResolved();
  });
  const close = () => {
    setOpen(false);
    clear();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(event.currentTarget as HTMLFormElement);
  };
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        Resolve…
      </button>
      <Dialog label="Resolve the dead letter" open={open} onClose={close}>
        <form class="stack" onSubmit={submit}>
          <Field
            name="note"
            label="Note"
            hint="Why it needs no replay. It cannot be replayed afterwards."
            problem={problem}
          >
            {(props) => <textarea {...props} required maxLength={2000} rows={4} />}
          </Field>
          <ProblemNotice problem={problem} shown={['/note']} />
          <div class="actions">
            <button type="submit" class="button primary" disabled={busy}>
              Resolve
            </button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
