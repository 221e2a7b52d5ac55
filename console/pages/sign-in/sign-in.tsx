import { useSession } from '../../api/session.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { Logo } from '../../shell/logo.js';

const HINT =
  "The value of the secret that the stack's output OperatorSecretArn names; the local stack prints it when it starts.";

/** Exchanges the operator key for a session; the key is not kept. */
export function SignIn() {
  const { expired, signIn } = useSession();
  return (
    <main class="narrow stack sign-in">
      <Logo />
      <div class="card card-body stack">
        <h1>Sign in</h1>
        {expired && <p role="status">Your session has ended. Sign in again to go on where you were.</p>}
        <Form
          submit="Sign in"
          perform={({ operator_key = '' }) => signIn(operator_key)}
          pointers={['/operator_key']}
          class="sign-in-form"
        >
          {(problem) => (
            <Field
              name="operator_key"
              label="Operator key"
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
        The session lasts twelve hours and lives in this tab alone: a reload asks again. The API is described on{' '}
        <a href="/docs">its own page</a>.
      </p>
    </main>
  );
}
