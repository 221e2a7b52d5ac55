import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useProject } from '../../api/project.js';
import { Dialog } from '../../components/dialog.js';
import { Form } from '../../components/form.js';
import { payloadOf, type Texts } from '../../components/form-values.js';
import { PayloadField } from '../../components/payload-field.js';
import { usePlace } from '../../shell/location.js';

/** Sends the content of an ended run again, with its payload or another one, and goes to the new run. */
export function SendAgain({ run }: { readonly run: Schemas['TaskRunWithPayload'] }) {
  const { api } = useProject();
  const { go } = usePlace();
  const [open, setOpen] = useState(false);
  const send = async (texts: Texts) => {
    const payload = payloadOf(texts, run.payload);
    const body = payload === run.payload ? {} : { payload: payload ?? '' };
    const made = await answerOf(api.POST('/v1/tasks/{id}/resend', { params: { path: { id: run.id } }, body }));
    go(`/runs/${made.id}`);
  };
  return (
    <May needs="publish">
      <button type="button" class="button" onClick={() => setOpen(true)}>
        Send again
      </button>
      <Dialog label="Send again" open={open} onClose={() => setOpen(false)}>
        <p>A new task run is made. This one stays as it is.</p>
        <Form
          submit="Send"
          perform={send}
          pointers={['/payload']}
          beside={
            <button type="button" class="button" onClick={() => setOpen(false)}>
              Cancel
            </button>
          }
        >
          {(problem) => <PayloadField payload={run.payload} hint="Sent as the body." rows={8} problem={problem} />}
        </Form>
      </Dialog>
    </May>
  );
}
