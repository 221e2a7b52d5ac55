import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StageSettings } from '../lib/config.js';
import { type Chaos, type ChaosOptions, createChaos } from './chaos/chaos.js';
import { runsNothing, type Storm, stormFaults } from './chaos/storms.js';
import { lockDataFolder, readRemembered, remember } from './data-folder.js';
import { startDynamoDb } from './dynamodb/server.js';
import { startEventSources } from './event-sources.js';
import type { Log } from './execution-environment.js';
import { type AwsUrls, functionDefinitions } from './function-definitions.js';
import { FunctionPool } from './function-pool.js';
import { startHttpApi } from './http-api.js';
import { routesOf } from './http-routes.js';
import { type AwsService, type Interceptor, startInterception } from './interception.js';
import type { AnsweringServer, LoopbackServer } from './loopback-server.js';
import type { MovableClock } from './movable-clock.js';
import { physicalResources } from './physical-resources.js';
import { type AwsServers, provision, provisionSecrets } from './provision.js';
import { startReceiver } from './receiver.js';
import { startScheduler } from './scheduler/server.js';
import { startSecrets } from './secrets/server.js';
import { startSqs } from './sqs/server.js';
import { type CloudFormationTemplate, findLogicalId, resolve } from './template.js';

export interface LocalStackOptions {
  /** Folder of all state that survives a restart; without a folder no state survives. */
  readonly data?: string;
  /** Port of the HTTP API; by default a free port. */
  readonly port?: number;
  /** The stack to run; by default the stage `local`, synthesized and bundled now. */
  readonly synthesized?: Synthesized;
  /** Folder of the built console, with the documentation in `docs/`; by default both are built at their first request. */
  readonly site?: string | undefined;
  /** Settings over those of the stage `local`. */
  readonly settings?: Partial<StageSettings>;
  /** Most execution environments per function. */
  readonly environmentLimit?: number;
  /** Sees every AWS call of a function, and may suppress its effect or its answer. */
  readonly intercept?: Interceptor;
  /** URL of another DynamoDB to use in place of ours; that server keeps its data. */
  readonly dynamodb?: string;
  /** URL of what answers for SNS, EventBridge, Lambda and Step Functions; by default our receiver. */
  readonly targets?: string;
  /** Faults within the promises of AWS; by default none. */
  readonly chaos?: ChaosOptions;
  /** Lasting failures of the platform; more may be added while the stack runs. */
  readonly storms?: readonly Storm[];
  /** Most messages of one receive: SQS, too, may return fewer messages than the queue has. */
  readonly receivesAtMost?: number;
  /** The clock of servers and functions; by default this machine's. */
  readonly clock?: MovableClock;
  /** Receives the functions' output; by default stderr. */
  readonly log?: Log;
}

/** A template, and the folder of each function's code by its logical id. */
export interface Synthesized {
  readonly template: CloudFormationTemplate & { readonly Outputs?: Record<string, { Value: unknown }> };
  readonly assets: Readonly<Record<string, string>>;
}

/** A running local stack; the URLs have no trailing slash. */
export interface LocalStack {
  readonly api: string;
  readonly dynamodb: string;
  readonly sqs: string;
  readonly scheduler: string;
  readonly secrets: string;
  readonly receiver: string;
  /** Value of the secret that the template's output `OperatorSecretArn` names; empty without that output. */
  readonly operatorKey: string;
  /** URL of the queue whose logical id is, ends with or contains `part` (in this order); throws unless it is one. */
  queueUrl(part: string): string;
  /** ARN of the secret whose logical id is, ends with or contains `part`. */
  secretArn(part: string): string;
  /** Fires the schedules that are due now. */
  tick(): Promise<void>;
  /** The function whose logical id is, ends with or contains `part`. */
  functionPool(part: string): FunctionPool;
  readonly functions: readonly FunctionPool[];
  /** Stops everything; functions at work get `graceMs` (2 s by default) to finish. */
  close(options?: { graceMs?: number }): Promise<void>;
}

type Closer = () => Promise<void> | void;

const DEFAULT_ENVIRONMENT_LIMIT = 12;
const DEFAULT_GRACE_MS = 2_000;

/** Starts the stack on this machine; throws if its data folder or its port is taken. */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const unlock = options.data === undefined ? () => {} : lockDataFolder(options.data);
  const closers: Closer[] = [unlock];
  try {
    return await assemble(options, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Prints a line on stderr, except for lines of metrics, which are for CloudWatch. */
const printLine: Log = (source, line) =>
  void (line.startsWith('{"_aws"') || process.stderr.write(`[${source}] ${line}\n`));

async function assemble(options: LocalStackOptions, closers: Closer[]): Promise<LocalStack> {
  const log = options.log ?? printLine;
  const { portalOrigins } = options.settings ?? {};
  const api = await startHttpApi({
    log,
    portalOrigins,
    site: options.site,
    ...(options.port !== undefined && { port: options.port }),
  });
  closers.push(() => api.close());
  const chaos = options.chaos && createChaos(options.chaos);
  const servers = await startServers(options, chaos, closers);
  const receiver = await startRememberedReceiver(options.data);
  closers.push(() => receiver.close());

  const { template, assets } = options.synthesized ?? (await synthesizeLocal(options.settings));
  const physical = physicalResources(template, { sqs: servers.sqs.url, api: api.url });
  const secretValues = provisionSecrets(template, physical, servers.secrets);
  await provision(template, physical, servers);

  const urls = urlsOf(servers);
  const limit = options.environmentLimit ?? DEFAULT_ENVIRONMENT_LIMIT;
  let seen: SeenServers = servers;
  const { storms = [] } = options;
  for (const intercept of [chaos?.intercept, options.storms && stormFaults(storms, Date.now), options.intercept])
    if (intercept) seen = await startInterceptions(seen, intercept, closers);
  const isThrottled = () => runsNothing(storms, Date.now());
  const definitions = functionDefinitions(template, physical, assets, {
    ...urlsOf(seen),
    targets: options.targets ?? receiver.url,
  });
  const pools = definitions.map((definition) => new FunctionPool(definition, limit, log, options.clock, isThrottled));
  closers.push(...pools.map((pool) => () => pool.close()));
  const functionFor = (arnOrName: string) =>
    pools.find(({ definition }) => definition.name === arnOrName.split(':').at(-1));

  const sources = startEventSources({
    template,
    physical,
    sqsUrl: urls.sqs,
    functionFor,
    log,
    receivesAtMost: options.receivesAtMost,
  });
  closers.push(() => sources.close());
  api.connect(routesOf(template, physical), functionFor);

  const operatorArn = resolve(template.Outputs?.['OperatorSecretArn']?.Value ?? '', physical) as string;
  return {
    ...urls,
    api: api.url,
    receiver: receiver.url,
    operatorKey: secretValues.get(operatorArn)?.() ?? '',
    queueUrl: (part) => physical.get(findLogicalId(template, 'AWS::SQS::Queue', part))!.ref,
    secretArn: (part) => physical.get(findLogicalId(template, 'AWS::SecretsManager::Secret', part))!.ref,
    tick: () => servers.scheduler.tick(),
    functions: pools,
    functionPool: (part) => functionFor(physical.get(findLogicalId(template, 'AWS::Lambda::Function', part))!.ref)!,
    async close({ graceMs = DEFAULT_GRACE_MS } = {}) {
      await api.close();
      await Promise.race([sources.close({ drain: true }), sleep(graceMs, undefined, { ref: false })]);
      await closeAll(closers);
    },
  };
}

/** Closes in the reverse order of the start: first the sources of work, last the servers that store it. */
async function closeAll(closers: Closer[]): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

async function startServers(
  { data, clock, dynamodb: elsewhere }: LocalStackOptions,
  chaos: Chaos | undefined,
  closers: Closer[],
): Promise<AwsServers> {
  const journal = (name: string) => (data === undefined ? {} : { journalFile: join(data, `${name}.journal`) });
  const now = clock?.now ?? Date.now;
  const sqs = await startSqs({ ...journal('sqs'), now, weather: chaos?.queues });
  closers.push(() => sqs.close());
  const [dynamodb, scheduler, secrets] = await Promise.all([
    elsewhere === undefined
      ? startDynamoDb({
          ...(data !== undefined && { path: join(data, 'dynamodb') }),
          now,
          ...(chaos && { indexLag: chaos.indexLag, readLag: chaos.readLag }),
        })
      : import('./dynamodb/elsewhere.js').then(({ dynamoDbElsewhere }) => dynamoDbElsewhere(elsewhere)),
    startScheduler({
      ...journal('scheduler'),
      now,
      send: (queueArn, body) => sqs.send(queueArn, body),
      weather: chaos?.timers,
    }),
    startSecrets(journal('secrets')),
  ]);
  closers.push(...[dynamodb, scheduler, secrets].map((server) => () => server.close()));
  return { sqs, dynamodb, scheduler, secrets };
}

type SeenServers = Readonly<Record<AwsService, Pick<AnsweringServer, 'url' | 'answer'>>>;

async function startInterceptions(seen: SeenServers, intercept: Interceptor, closers: Closer[]): Promise<SeenServers> {
  const started = (Object.keys(urlsOf(seen)) as AwsService[]).map(async (service) => {
    const server = await startInterception(service, seen[service].answer, intercept);
    closers.push(() => server.close());
    return [service, server] as const;
  });
  return Object.fromEntries(await Promise.all(started)) as Record<AwsService, AnsweringServer>;
}

const urlsOf = ({ dynamodb, sqs, scheduler, secrets }: SeenServers): Omit<AwsUrls, 'targets'> => ({
  dynamodb: dynamodb.url,
  sqs: sqs.url,
  scheduler: scheduler.url,
  secrets: secrets.url,
});

/** The receiver's port stays the same across restarts if it is free, because schedules and endpoints point at it. */
async function startRememberedReceiver(data: string | undefined): Promise<LoopbackServer> {
  if (data === undefined) return startReceiver();
  const port = readRemembered<{ port: number }>(data, 'receiver.json')?.port;
  const receiver = port ? await startReceiver({ port }).catch(() => startReceiver()) : await startReceiver();
  remember(data, 'receiver.json', { port: receiver.port });
  return receiver;
}

/** The CDK is imported only here: it takes a second to load, which a caller with its own template saves. */
async function synthesizeLocal(overrides?: Partial<StageSettings>): Promise<Synthesized> {
  const [{ settingsFor }, { synthesize }] = await Promise.all([
    import('../lib/config.js'),
    import('../lib/synthesize.js'),
  ]);
  return synthesize(settingsFor('local', overrides));
}
