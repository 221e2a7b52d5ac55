import { Link } from '../../shell/link.js';

const NAMED = 10;

/** The schedules whose calls a revoked key still signs, and how to give them another key. */
export function StillSigning({ schedules }: { readonly schedules: readonly string[] }) {
  if (schedules.length === 0) return null;
  return (
    <div class="card card-body stack-tight" role="status">
      <p>
        The key is revoked, and signs the calls of {schedules.length}{' '}
        {schedules.length === 1 ? 'schedule' : 'schedules'} still. To have another key sign, change each of these jobs
        with that key: <code>{'{"signPayloads": true}'}</code>.
      </p>
      <ul>
        {schedules.slice(0, NAMED).map((id) => (
          <li key={id}>
            <Link to={`/schedules/${id}`}>
              <code class="break">{id}</code>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
