import { PRICES_BY_THE_MONTH } from '../costs/prices.js';
import { billOf, times, type Units, units } from '../costs/units.js';

/** A part of what a stage costs in 30 days in which it does nothing. */
export interface IdlePart {
  readonly what: string;
  /** Units of the part, as words. */
  readonly much: string;
  readonly dollars: number;
}

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>;
// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own JSON.
type Properties = any;

const MONTH_SECONDS = 30 * 24 * 3600;
const ROUNDS = MONTH_SECONDS / (15 * 60);
const POLL_SECONDS = 20;
const POLLERS_OF_A_QUEUE = 5;
/**
 * A cold start: Lambda's own start of Node, and the code (`npm run bench -- code` measures it: below 0.2 s). Lambda bills INIT
 * since August 2025.
 */
export const INIT_SECONDS = 0.5;
const RECONCILER_GB = 1;
const OTHER_GB = 0.25;
const PROBED_FUNCTIONS = 3;
/**
 * A round of the reconciler over an empty stage: its probes wake both lanes and the dispatcher. Counted on the local stack
 * (1.3 s); each function counts as cold.
 */
const ROUND = units({
  functionRequests: 1 + PROBED_FUNCTIONS,
  gbSeconds: (1.3 + INIT_SECONDS) * RECONCILER_GB + PROBED_FUNCTIONS * (0.1 + INIT_SECONDS) * OTHER_GB,
  sqsRequests: 13,
  fairRequests: 6,
  writeUnits: 5,
  readUnits: 10,
  logBytes: 4_000,
});

/** What the resources of a template cost by themselves. Storage is left out: an idle stage stores nothing. */
export function idleParts({ Resources: resources }: { readonly Resources: Resources }): IdlePart[] {
  const { alarmMetric, dashboard, customMetric, secret, pollerKept } = PRICES_BY_THE_MONTH;
  const all = (type: string) =>
    Object.values(resources).flatMap(({ Type, Properties: of }) => (Type === type ? [of] : []));
  const alarms = all('AWS::CloudWatch::Alarm');
  const alarmed = total(alarms.map(metricsOf));
  const dashboards = all('AWS::CloudWatch::Dashboard').length;
  const secrets = all('AWS::SecretsManager::Secret').length;
  const consumers = all('AWS::Lambda::EventSourceMapping');
  const kept = total(consumers.map(({ ProvisionedPollerConfig: pollers }) => pollers?.MinimumPollers ?? 0));
  const polls = consumers.length * POLLERS_OF_A_QUEUE * (MONTH_SECONDS / POLL_SECONDS);
  return [
    { what: 'alarms', much: `${alarms.length} of ${alarmed} metrics`, dollars: alarmed * alarmMetric },
    { what: 'dashboard', much: `${dashboards}`, dollars: dashboards * dashboard },
    { what: 'secrets', much: `${secrets}`, dollars: secrets * secret },
    part('empty receives', `${consumers.length} queues, ${polls.toLocaleString('en-US')} receives`, {
      sqsRequests: polls,
    }),
    ...(kept > 0 ? [{ what: 'provisioned pollers', much: `${kept}`, dollars: kept * pollerKept }] : []),
    part('rounds of the reconciler, with INIT', ROUNDS.toLocaleString('en-US'), times(ROUNDS, ROUND)),
    { what: 'metrics that an idle stage prints', much: '1', dollars: customMetric },
  ];
}

export const totalOf = (parts: readonly IdlePart[]): number => total(parts.map(({ dollars }) => dollars));

function part(what: string, much: string, used: Partial<Units>): IdlePart {
  return { what, much, dollars: billOf(units(used)) / 1_000_000 };
}

/** CloudWatch bills an alarm for each metric that it reads. */
function metricsOf({ Metrics = [] }: Properties): number {
  return Math.max(1, Metrics.filter(({ MetricStat }: Properties) => MetricStat !== undefined).length);
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
