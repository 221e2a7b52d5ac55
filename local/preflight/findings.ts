import { mostInvocations, queueMaxima, SHARE_OF_QUEUES } from '../../lib/concurrency.js';
import type { StageSettings } from '../../lib/config.js';

/** What is to be deployed. */
export interface Deploying {
  readonly settings: StageSettings;
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the parameter in SSM that tells the version of the bootstrap. */
  readonly bootstrap: string;
  /** Where the settings are written. */
  readonly settingsIn: string;
}

/** `ready`: nothing to do. `look`: a deploy works, and something may be missed later. `blocked`: a deploy fails. */
export interface Finding {
  readonly what: string;
  readonly verdict: 'ready' | 'look' | 'blocked';
  readonly found: string;
  /** A command, or what to change. */
  readonly todo?: string;
}

/** Most invocations at a time that the stage's queues start. */
export function concurrencyOfQueues(settings: StageSettings): number {
  const { fastLanePollers, wakeUpPollers } = settings;
  const pollers = { fastLaneConcurrency: fastLanePollers, wakeUpConcurrency: wakeUpPollers };
  return queueMaxima(settings)
    .map((name) => mostInvocations(settings[name], name in pollers ? pollers[name as keyof typeof pollers] : undefined))
    .reduce((sum, most) => sum + most);
}

/** @param limit concurrent executions of the account in the Region: 10 in a new account, 1,000 in most */
export function concurrencyFinding({ settings, settingsIn }: Deploying, limit: number): Finding {
  const queues = concurrencyOfQueues(settings);
  const found = `the account runs ${limit} functions at a time, and the queues of this stage may start ${queues}`;
  const what = "Lambda's concurrency";
  if (queues <= limit * SHARE_OF_QUEUES) return { what, verdict: 'ready', found };
  const wanted = Math.ceil(queues / SHARE_OF_QUEUES);
  const todo =
    'Receivers that hang could leave too little for the API. Ask AWS for more (aws service-quotas ' +
    `request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${wanted}), or set ` +
    `accountConcurrency: ${limit} in ${settingsIn}, which fits the queues to it.`;
  return { what, verdict: 'look', found, todo };
}

/** @param tables those that the stage takes and whose rows expire; `ttl` is the status, and the attribute if it has one */
export function expiryFinding(tables: readonly { readonly name: string; readonly ttl: string }[]): Finding {
  const what = 'TTL of existing tables';
  if (tables.length === 0) return { what, verdict: 'ready', found: 'the stage takes none whose rows expire' };
  const off = tables.filter(({ ttl }) => !/^ENABL(ED|ING) ttl$/.test(ttl));
  if (off.length === 0) return { what, verdict: 'ready', found: 'it is on' };
  const commands = off.map(
    ({ name }) =>
      `aws dynamodb update-time-to-live --table-name ${name} --time-to-live-specification Enabled=true,AttributeName=ttl`,
  );
  const found = off.map(({ name, ttl }) => `${name}: ${ttl}`).join(', ');
  return { what, verdict: 'look', found: `rows never end, and cost storage (${found})`, todo: commands.join(' && ') };
}

const MARKS = { ready: 'ready  ', look: 'look   ', blocked: 'BLOCKED' } as const;

/** One finding as lines for a terminal. */
export function findingText({ what, verdict, found, todo }: Finding): string {
  const line = `${MARKS[verdict]}  ${what}: ${found}`;
  return todo === undefined ? line : `${line}\n         ${todo}`;
}

/** A check that may not be read is not a fault of the account: the person who looks may have few rights. */
export async function reading(what: string, check: () => Promise<Finding>): Promise<Finding> {
  return check().catch((error) => ({ what, verdict: 'look', found: `it cannot be read: ${messageOf(error)}` }));
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
