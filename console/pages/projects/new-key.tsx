import { useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../../api/client.js';
import { useSession } from '../../api/session.js';
import { useAction } from '../../api/use-action.js';
import { Dialog } from '../../components/dialog.js';
import { Field } from '../../components/field.js';
import { textsOf } from '../../components/form-texts.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { SecretOnce } from '../../components/secret-once.js';

interface NewKeyProps {
  readonly project: Schemas['Project'];
  readonly onCreated: () => void;
}

/** Makes a key and shows it, this once. */
export function NewKey({ project, onCreated }: NewKeyProps) {
  const { api } = useSession();
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<Schemas['ApiKeyWithSecrets']>();
  const { run, busy, problem, clear } = useAction(async (form: HTMLFormElement) => {
    const options = { params: { path: { id: project.id } }, body: { label: textsOf(form)['label'] ?? '' } };
    setMade(await answerOf(api.POST('/v1/projects/{id}/keys', options)));
    onCreated();
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(event.currentTarget as HTMLFormElement);
  };
  const close = () => {
    setOpen(false);
    setMade(undefined);
    clear();
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
          <form class="stack" onSubmit={submit}>
            <Field
              name="label"
              label="Label"
              placeholder="web server"
              hint="Who uses it: so that you know which one to revoke."
              problem={problem}
              autocomplete="off"
              required
            />
            <ProblemNotice problem={problem} shown={['/label']} />
            <div class="actions">
              <button type="submit" class="button primary" disabled={busy}>
                Create key
              </button>
            </div>
          </form>
        )}
      </Dialog>
    </>
  );
}

interface ShownKeyProps {
  readonly made: Schemas['ApiKeyWithSecrets'];
  readonly onClose: () => void;
}

function ShownKey({ made, onClose }: ShownKeyProps) {
  return (
    <>
      <p>They are not shown again: only their hash, and the sealed secret, are kept.</p>
      <SecretOnce label="API key" value={made.key} hint="Sent as X-API-Key." />
      <SecretOnce
        label="Signing secret"
        value={made.signing_secret}
        hint="For those who sign their requests instead of sending the key."
      />
      <div class="actions">
        <button type="button" class="button primary" onClick={onClose}>
          I have copied it
        </button>
      </div>
    </>
  );
}
