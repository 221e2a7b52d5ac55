import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useNames } from '../../api/names.js';
import type { Problem } from '../../api/problem.js';
import { useProject } from '../../api/project.js';
import { CodeBlock } from '../../components/code-block.js';
import { Dialog } from '../../components/dialog.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { headersOf, headersText, payloadOf, type Texts } from '../../components/form-values.js';
import { PayloadBlock } from '../../components/payload-block.js';
import { PayloadField } from '../../components/payload-field.js';
import { SelectField } from '../../components/select-field.js';
import { usePlace } from '../../shell/location.js';
import './send-again.css';

type Run = Schemas['TaskRunWithAttempts'];

/** Sends the content of an ended run again, with its payload, headers and endpoint or others, and goes to the new run. */
export function SendAgain({ run }: { readonly run: Run }) {
  const { api } = useProject();
  const { go } = usePlace();
  const [open, setOpen] = useState(false);
  const [endpoint, setEndpoint] = useState(run.endpoint_id ?? '');
  // Only an inline HTTP target has headers of its own.
  const headers = endpoint === '' ? run.target?.headers : undefined;
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
          pointers={['/payload', '/endpoint_id', '/headers']}
          callOf={(texts) => ({ path: '/v1/tasks/{id}/resend', id: run.id, body: resending(run, texts) })}
          beside={
            <button type="button" class="button" onClick={() => setOpen(false)}>
              Cancel
            </button>
          }
        >
          {(problem) => (
            <>
              <Destination run={run} chosen={endpoint} onChosen={setEndpoint} problem={problem} />
              <div class="side-by-side">
                <SentBefore run={run} />
                <div class="stack">
                  <PayloadField payload={run.payload} hint="Sent as the body." rows={12} problem={problem} />
                  {headers ? (
                    <Field name="headers" label="Headers" hint={HIDDEN} problem={problem}>
                      {(field) => <textarea {...field} class="code" rows={4} defaultValue={headersText(headers)} />}
                    </Field>
                  ) : (
                    <p class="quiet small">The headers are those that the endpoint has now.</p>
                  )}
                </div>
              </div>
            </>
          )}
        </Form>
      </Dialog>
    </May>
  );
}

const HIDDEN = 'Name: value, one per line. *** keeps the value of that header.';

/** The payload, and the headers of the newest attempt. */
function SentBefore({ run: { payload, attempts } }: { readonly run: Run }) {
  const headers = attempts.at(-1)?.request_headers;
  return (
    <div class="stack">
      <div class="field">
        <span class="field-label">Sent before</span>
        <PayloadBlock label="Sent before" payload={payload} />
      </div>
      {headers && (
        <div class="field">
          <span class="field-label">Headers sent before</span>
          <CodeBlock label="Headers sent before" text={headersText(headers)} />
        </div>
      )}
    </div>
  );
}

/** What differs from the run. */
function resending(run: Run, texts: Texts): Schemas['Resending'] {
  const payload = payloadOf(texts, run.payload);
  const { endpoint_id, headers } = texts;
  const isChanged = headers !== undefined && headers.trim() !== headersText(run.target?.headers ?? {});
  return {
    ...(payload !== run.payload && { payload: payload ?? '' }),
    ...(endpoint_id && endpoint_id !== run.endpoint_id && { endpoint_id }),
    // What was removed with the run's content is given anew, even if it is nothing.
    ...((isChanged || (headers !== undefined && run.redacted_at !== null)) && { headers: headersOf(headers) }),
  };
}

interface DestinationProps {
  readonly run: Run;
  readonly chosen: string;
  readonly onChosen: (endpoint: string) => void;
  readonly problem: Problem | undefined;
}

function Destination({ run: { endpoint_id }, chosen, onChosen, problem }: DestinationProps) {
  const endpoints = useNames('endpoints');
  const none = endpoint_id === null ? { none: 'The target of the run' } : {};
  return (
    <SelectField
      name="endpoint_id"
      label="Endpoint"
      options={endpoints}
      value={chosen}
      onChange={(event) => onChosen((event.currentTarget as HTMLSelectElement).value)}
      problem={problem}
      {...none}
    />
  );
}
