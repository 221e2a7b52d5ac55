import { useSession } from '../../api/session.js';
import { useAction } from '../../api/use-action.js';
import { Field } from '../../components/field.js';
import { textsOf } from '../../components/form-texts.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { Logo } from '../../shell/logo.js';

/** Exchanges the operator key for a session; the key itself is forgotten at once. */
export function SignIn() {
  const { expired, signIn } = useSession();
  const { run, busy, problem } = useAction(signIn);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void run(textsOf(event.currentTarget as HTMLFormElement)['operator_key'] ?? '');
  };
  return (
    <main class="narrow stack sign-in">
      <Logo />
      <form class="card card-body stack" onSubmit={submit}>
        <h1>Sign in</h1>
        {expired && <p role="status">Your session has ended. Sign in again to go on where you were.</p>}
        <Field
          name="operator_key"
          label="Operator key"
          type="password"
          autocomplete="current-password"
          hint="The value of the secret that the stack's output OperatorSecretArn names; the local stack prints it when it starts."
          problem={problem}
          required
          autoFocus
        />
        <ProblemNotice problem={problem} shown={['/operator_key']} />
        <button type="submit" class="button primary" disabled={busy}>
          Sign in
        </button>
      </form>
      <p class="quiet small">
        The session lasts twelve hours and lives in this tab alone: a reload asks again. The API is described on{' '}
        <a href="/docs">its own page</a>.
      </p>
    </main>
  );
}
