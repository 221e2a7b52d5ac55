import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { BoundedCache } from '../../primitives/bounded-cache.js';
import { makeId } from '../../primitives/ids.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { actionOf, actorOf, originOf } from './audited.js';
import { isOfProject, permissionsIn, projectInPath } from './permitted.js';
import type { Credential } from './route.js';
import type { Match } from './router.js';

const GATHERED_MS = 60_000;
/** Kinds of refusals that are told apart at a time; a forgotten kind begins anew. */
const MAX_KINDS = 1_000;

/**
 * Puts refused requests into the audit. The first of a caller, row and status is put at once; the others of the next
 * minute are counted in memory, and put with the first after it: a flood of refusals is no flood of writes. A count is
 * lost with its execution environment.
 */
export function createRefusals({ auditTrail, clock, settings }: Pick<ApiPorts, 'auditTrail' | 'clock' | 'settings'>) {
  const gathered = new BoundedCache<{ readonly until: number; more: number }>(MAX_KINDS);

  return async (event: APIGatewayProxyEventV2, match: Match, credential: Credential, status: number): Promise<void> => {
    const at = clock.now();
    const project_id = projectOf(event, match, credential);
    const action = actionOf(match);
    const origin = originOf(event, actorOf(credential), { settings });
    const kind = JSON.stringify([project_id, origin.actor, action, status]);
    const known = gathered.get(kind);
    if (known && at < known.until) {
      known.more += 1;
      return;
    }
    gathered.set(kind, { until: at + GATHERED_MS, more: 0 });
    const id = makeId('aud', at, randomBytes(8));
    const count = 1 + (known?.more ?? 0);
    // The refusal is answered in any case.
    await auditTrail.put({ type: 'refusal', id, at, project_id, ...origin, action, status, count }).catch(() => {});
  };
}

/** The caller's project; of a person, the project that the request names, if the person has a role there. */
function projectOf(event: APIGatewayProxyEventV2, match: Match, credential: Credential): string | null {
  if (isOfProject(credential)) return credential.project.id;
  const named = projectInPath(match) ?? new URLSearchParams(event.rawQueryString).get('project_id');
  return named !== null && permissionsIn(credential, named).length > 0 ? named : null;
}
