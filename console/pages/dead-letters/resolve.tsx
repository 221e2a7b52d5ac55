import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { Dialog } from '../../components/dialog.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';

interface ResolveProps {
  readonly letter: Schemas['DeadLetter'];
  readonly onResolved: () => void;
}

/** Closes a dead letter that needs no replay, with a note that says why. */
export function Resolve({ letter, onResolved }: ResolveProps) {
  const { api } = useProject();
  const [open, setOpen] = useState(false);
  const resolve = async ({ note = '' }: Texts) => {
    await answerOf(api.POST('/v1/dead-letters/{id}/resolve', { params: { path: { id: letter.id } }, body: { note } }));
    setOpen(false);
    onResolved();
  };
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        Resolve…
      </button>
      <Dialog label="Resolve the dead letter" open={open} onClose={() => setOpen(false)}>
        <Form
          submit="Resolve"
          perform={resolve}
          pointers={['/note']}
          callOf={({ note = '' }) => ({ path: '/v1/dead-letters/{id}/resolve', id: letter.id, body: { note } })}
        >
          {(problem) => (
            <Field
              name="note"
              label="Note"
              hint="Why it needs no replay. It cannot be replayed afterwards."
              problem={problem}
            >
              {(props) => <textarea {...props} required maxLength={2000} rows={4} />}
            </Field>
          )}
        </Form>
      </Dialog>
    </>
  );
}
