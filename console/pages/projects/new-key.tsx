import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useSession } from '../../api/session.js';
import { Choices } from '../../components/choices.js';
import { CodeBlock } from '../../components/code-block.js';
import { Dialog } from '../../components/dialog.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { momentOrNull, type Texts, withoutNulls } from '../../components/form-values.js';

/** What a key can be allowed, and what that is. */
const SCOPES = [
  ['read', 'Runs, attempts, events and everything that is set up.'],
  ['publish', 'Make runs and events, cancel and replay.'],
  ['manage', 'Endpoints, schedules, retry policies.'],
  ['audit', 'Who changed what.'],
] as const;

interface NewKeyProps {
  readonly project: Schemas['Project'];
  readonly onCreated: () => void;
}

/** Creates a key and shows it once. */
export function NewKey({ project, onCreated }: NewKeyProps) {
  const { api } = useSession();
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<Schemas['ApiKeyWithSecrets']>();
  const create = async (texts: Texts) => {
    const options = { params: { path: { id: project.id } }, body: keyOf(texts) };
    setMade(await answerOf(api.POST('/v1/projects/{id}/keys', options)));
    onCreated();
  };
  const close = () => {
    setOpen(false);
    setMade(undefined);
  };
  return (
    <>
      <button type="button" class="button primary" onClick={() => setOpen(true)}>
        New key
      </button>
      <Dialog label={made ? 'Copy the key now' : 'New API key'} open={open} onClose={close}>
        {made ? (
          <ShownKey made={made} onClose={close} />
        ) : (
          <Form
            submit="Create key"
            perform={create}
            callOf={(texts) => ({ path: '/v1/projects/{id}/keys', id: project.id, body: keyOf(texts) })}
            pointers={['/label', '/scopes', '/expires_at']}
          >
            {(problem) => (
              <>
                <Field
                  name="label"
                  label="Label"
                  placeholder="web server"
                  hint="Who uses it: so that you know which one to revoke."
                  problem={problem}
                  autocomplete="off"
                  required
                />
                <Choices
                  legend="What it may do"
                  options={SCOPES}
                  isTicked={() => true}
                  problem={problem}
                  pointer="/scopes"
                />
                <Field
                  name="expires_at"
                  label="Until"
                  type="datetime-local"
                  hint="Empty: until it is revoked."
                  problem={problem}
                />
              </>
            )}
          </Form>
        )}
      </Dialog>
    </>
  );
}

function keyOf({ label = '', expires_at, ...ticked }: Texts) {
  const scopes = SCOPES.map(([scope]) => scope).filter((scope) => ticked[scope] !== undefined);
  return { label, scopes, ...withoutNulls({ expires_at: momentOrNull(expires_at) }) };
}

interface ShownKeyProps {
  readonly made: Schemas['ApiKeyWithSecrets'];
  readonly onClose: () => void;
}

function ShownKey({ made, onClose }: ShownKeyProps) {
  return (
    <>
      <p>Both are shown only once. Copy them before you close this dialog.</p>
      <div class="stack-tight">
        <h3>API key, sent as X-API-Key</h3>
        <CodeBlock label="API key" text={made.key} />
      </div>
      <div class="stack-tight">
        <h3>Signing secret, for those who sign their requests instead</h3>
        <CodeBlock label="Signing secret" text={made.signing_secret} />
      </div>
      <div class="actions">
        <button type="button" class="button primary" onClick={onClose}>
          I have copied them
        </button>
      </div>
    </>
  );
}
