import { useEffect, useState } from 'preact/hooks';
import { answerOf, createApi } from '../../api/client.js';
import { useSession } from '../../api/session.js';
import { useAction } from '../../api/use-action.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { Logo } from '../../shell/logo.js';

const HINT =
  "The operator key is the value of the secret that the stack's output OperatorSecretArn names; the local stack prints it when it starts. The key of a project (sk_…) shows that project alone.";

/** Exchanges a key, or a sign-in at the provider, for a session; the key is not kept. */
export function SignIn() {
  const { ended, signIn } = useSession();
  return (
    <main class="narrow stack sign-in">
      <Logo />
      <div class="card card-body stack">
        <h1>Sign in</h1>
        {ended === 'expired' && <p role="status">Your session has ended. Sign in again to go on where you were.</p>}
        {typeof ended === 'object' && <ProblemNotice error={ended.error} />}
        <AtProvider />
        <Form
          submit="Sign in"
          perform={({ key = '' }) => signIn(key)}
          callOf={undefined}
          pointers={['/operator_key', '/api_key']}
          class="sign-in-form"
        >
          {(problem) => (
            <Field
              name="key"
              label="Operator key or project key"
              type="password"
              autocomplete="current-password"
              hint={HINT}
              problem={problem}
              required
              autoFocus
            />
          )}
        </Form>
      </div>
      <p class="quiet small">
        The session holds in every tab of this browser. The <a href="/docs/">documentation</a> needs no session.
      </p>
    </main>
  );
}

/** Shown where the stage's settings name a provider of OpenID Connect. */
function AtProvider() {
  const [label, setLabel] = useState<string>();
  useEffect(() => {
    // Without an answer the key remains.
    answerOf(createApi({}).GET('/v1/sign-in')).then(
      ({ provider }) => setLabel(provider ?? undefined),
      () => {},
    );
  }, []);
  const { run, busy, problem } = useAction(async () => {
    const to = location.pathname + location.search;
    const page = await answerOf(createApi({}).POST('/v1/sign-in', { body: { to } }));
    location.assign(page.location);
  });
  if (label === undefined) return null;
  return (
    <>
      <button type="button" class="button primary" disabled={busy} onClick={() => void run()}>
        Sign in with {label}
      </button>
      <ProblemNotice problem={problem} />
      <p class="quiet small">or with a key:</p>
    </>
  );
}
