import type { ApiPorts } from '../../runtime/api-ports.js';
import { isRefused, MOST_OF_ADDRESS, placeOf, windowOf } from '../../subjects/sessions/failed-sign-ins.js';
import type { Session } from '../../subjects/sessions/session.js';
import { signInEntry } from '../http/audited.js';
import { callerAddress } from '../http/caller-address.js';
import { TooManyError } from '../http/problem.js';
import type { RouteRequest } from '../http/route.js';
import { type SignedIn, startSession } from '../http/session.js';

type SignIn = Pick<RouteRequest, 'event' | 'newId'>;
type Ports = Pick<
  ApiPorts,
  'auditTrail' | 'clock' | 'configStore' | 'failedSignIns' | 'metrics' | 'secrets' | 'sessions' | 'settings'
>;

/**
 * The session of the person that `check` finds. A sign-in that fails is counted, and too many of them close the door to
 * their address: then nothing is checked, so that not even a right key is told from a wrong one.
 * @throws TooManyError @throws what `check` throws
 */
export async function signIn(
  { event, newId }: SignIn,
  ports: Ports,
  check: () => Promise<SignedIn>,
): Promise<{ session: Session; token: string }> {
  const signed_in_from = callerAddress(event, ports.settings);
  const place = placeOf(signed_in_from);
  const { clock, failedSignIns, metrics } = ports;
  if (isRefused(await failedSignIns.count(place))) {
    metrics.count('sign_ins_failed');
    throw tooMany(clock.now());
  }
  const who = await check().catch(async (error) => {
    metrics.count('sign_ins_failed');
    const { here } = await failedSignIns.add(place);
    if (here === MOST_OF_ADDRESS) await ports.auditTrail.put(signInEntry(event, ports));
    throw error;
  });
  const started = await startSession({ ...who, signed_in_from }, newId('ses'), ports);
  await ports.auditTrail.put(signInEntry(event, ports, started.session));
  return started;
}

function tooMany(now: number): TooManyError {
  const seconds = Math.ceil((windowOf(now).until - now) / 1000);
  return new TooManyError(`Too many sign-ins from this address have failed. Try again in ${seconds} seconds.`, seconds);
}
