import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useNames } from '../../api/names.js';
import { useProject } from '../../api/project.js';
import { Dialog } from '../../components/dialog.js';
import { Form } from '../../components/form.js';
import { payloadOf, type Texts } from '../../components/form-values.js';
import { PayloadBlock } from '../../components/payload-block.js';
import { PayloadField } from '../../components/payload-field.js';
import { SelectField } from '../../components/select-field.js';
import { usePlace } from '../../shell/location.js';
import './send-again.css';

type Run = Schemas['TaskRunWithPayload'];

/** Sends the content of an ended run again, with its payload or another, to its endpoint or another, and goes to the new run. */
export function SendAgain({ run }: { readonly run: Run }) {
  const { api } = useProject();
  const { go } = usePlace();
  const [open, setOpen] = useState(false);
  const send = async (texts: Texts) => {
    const body = resending(run, texts);
    const made = await answerOf(api.POST('/v1/tasks/{id}/resend', { params: { path: { id: run.id } }, body }));
    go(`/runs/${made.id}`);
  };
  return (
    <May needs="publish">
      <button type="button" class="button" onClick={() => setOpen(true)}>
        Send again
      </button>
      <Dialog label="Send again" open={open} onClose={() => setOpen(false)} wide>
        <p>A new task run is made. This one stays as it is.</p>
        <Form
          submit="Send"
          perform={send}
          pointers={['/payload', '/endpoint_id']}
          beside={
            <button type="button" class="button" onClick={() => setOpen(false)}>
              Cancel
            </button>
          }
        >
          {(problem) => (
            <>
              <Destination run={run} />
              <div class="side-by-side">
                <div class="field">
                  <span class="field-label">Sent before</span>
                  <PayloadBlock label="Sent before" payload={run.payload} />
                </div>
                <PayloadField payload={run.payload} hint="Sent as the body." rows={12} problem={problem} />
              </div>
            </>
          )}
        </Form>
      </Dialog>
    </May>
  );
}

/** What differs from the run. */
function resending(run: Run, texts: Texts): Schemas['Resending'] {
  const payload = payloadOf(texts, run.payload);
  const endpoint_id = texts['endpoint_id'];
  return {
    ...(payload !== run.payload && { payload: payload ?? '' }),
    ...(endpoint_id && endpoint_id !== run.endpoint_id && { endpoint_id }),
  };
}

function Destination({ run: { endpoint_id } }: { readonly run: Run }) {
  const endpoints = useNames('endpoints');
  const none = endpoint_id === null ? { none: 'The target of the run' } : {};
  return <SelectField name="endpoint_id" label="Endpoint" options={endpoints} value={endpoint_id} {...none} />;
}
