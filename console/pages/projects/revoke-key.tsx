import { answerOf, type Schemas } from '../../api/client.js';
import { useSession } from '../../api/session.js';
import { ActionButton } from '../../components/action-button.js';

interface RevokeKeyProps {
  readonly apiKey: Schemas['ApiKey'];
  /** Called with the schedules whose calls the revoked key still signs. */
  readonly onRevoked: (signing: readonly string[]) => void;
}

export function RevokeKey({ apiKey: { id, project_id, label, last_four }, onRevoked }: RevokeKeyProps) {
  const { api } = useSession();
  const revoke = async () => {
    const params = { path: { id: project_id, key_id: id } };
    const answer = await answerOf(api.DELETE('/v1/projects/{id}/keys/{key_id}', { params }));
    onRevoked(answer?.signing_schedules ?? []);
  };
  const confirm = (
    <>
      Requests with <strong class="break">{label}</strong> (<code>sk_…{last_four}</code>) are refused from the next one
      on. There is no way back. Schedules whose calls it signs go on, and are named.
    </>
  );
  return <ActionButton needs="nothing" label="Revoke" kind="danger" perform={revoke} confirm={confirm} />;
}
