import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createPlaceStore } from '../../functions/storage/place-store.js';
import { type LocalStack, type Synthesized, startLocalStack } from '../../local/local-stack.js';
import { MovableClock } from '../../local/movable-clock.js';
import { awsConsole } from '../support/aws-console.js';
import { eventually } from '../support/eventually.js';
import { expectStatus, type HttpClient } from '../support/http-client.js';
import { newProject } from '../support/tenant.js';
import { startListening } from './listening.js';
import { Reaper } from './reaper.js';
import { type ScriptedReceiver, startScriptedReceiver } from './scripted-receiver.js';
import { unknownIn } from './telling.js';

/** The queues that functions work off; each must be empty when all is told. */
export const WORK_QUEUES = [
  'FastLaneQueue',
  'SlowLaneQueue',
  'CrowdedLaneQueue',
  'WakeUpsQueue',
  'Replay',
  'IntakeQueue',
] as const;

export interface SceneOptions {
  readonly synthesized: Synthesized;
  /** Execution environments per function. */
  readonly environments: number;
  /** Messages in a receive at most. */
  readonly receivesAtMost?: number;
}

const LOOK_MS = 150;
/** Longer than any call takes while all processors are busy: one that times out would be another story. */
const CALL_MS = 4_000;

/** A local stack with a project, a receiver and a reaper: where stories are told. */
export class Scene {
  readonly console: ReturnType<typeof awsConsole>;
  /** Bodies that the intake has set apart. */
  readonly refused: string[] = [];
  private readonly known = new Set<string>();
  private readonly endpoints = new Map<string, Promise<string>>();
  private readonly policies = new Map<string, Promise<string>>();
  private listened: Promise<string> | undefined;
  isClosed = false;

  private constructor(
    readonly stack: LocalStack,
    readonly clock: MovableClock,
    readonly reaper: Reaper,
    readonly receiver: ScriptedReceiver,
    readonly api: HttpClient,
    readonly project: string,
    /** What the functions printed. */
    private readonly log: string[],
    private readonly environments: number,
  ) {
    this.console = awsConsole(stack);
  }

  static async start({ synthesized, environments, ...receives }: SceneOptions): Promise<Scene> {
    const [clock, reaper, log] = [new MovableClock(), new Reaper(), [] as string[]];
    const receiver = await startScriptedReceiver((run, take) => reaper.receive(run, take));
    const stack = await startLocalStack({
      synthesized,
      clock,
      environmentLimit: environments,
      ...receives,
      targets: receiver.url,
      intercept: reaper.intercept,
      log: (source, line) => log.push(`${source}: ${line}`),
    });
    reaper.watch(stack);
    const { api, project } = await newProject(stack.api, stack.operatorKey);
    return new Scene(stack, clock, reaper, receiver, api, project.id, log, environments);
  }

  /** An endpoint at that path of the receiver, or a target of AWS; the same for all who ask for the same, unless it is to be one's own. */
  endpoint(where: Where, settings: EndpointSettings = {}): Promise<string> {
    const key = JSON.stringify([where, settings]);
    const made = (!settings.own && this.endpoints.get(key)) || this.newEndpoint(where, settings);
    this.endpoints.set(key, made);
    return made;
  }

  private async newEndpoint(where: Where, settings: EndpointSettings): Promise<string> {
    const { attempts = 1, backoffSeconds = 0, timeoutMs = CALL_MS, filters = [], limits = {} } = settings;
    const id = await this.policy(attempts, backoffSeconds);
    const target = typeof where === 'string' ? { url: this.receiver.url + where } : where;
    const endpoint = {
      name: 'story',
      ...target,
      timeout_ms: timeoutMs,
      retry_policy_id: id,
      event_filters: filters,
      ...limits,
    };
    return expectStatus(await this.api.post('/v1/endpoints', endpoint), 201).body.id;
  }

  /** The endpoint of the scene's one listener: a project may have few. Its URL fails each call. */
  listenedEndpoint(): Promise<string> {
    this.listened ??= this.newListenedEndpoint();
    return this.listened;
  }

  private async newListenedEndpoint(): Promise<string> {
    const id = await this.endpoint('/attempts/500', { own: true, timeoutMs: 9_000 });
    await startListening(this, id);
    return id;
  }

  private policy(max_attempts: number, base_delay_seconds: number): Promise<string> {
    const create = async (): Promise<string> => {
      const policy = { name: 'story', strategy: 'fixed', base_delay_seconds, max_attempts };
      return expectStatus(await this.api.post('/v1/retry-policies', policy), 201).body.id;
    };
    const key = `${max_attempts} ${base_delay_seconds}`;
    const made = this.policies.get(key) ?? create();
    this.policies.set(key, made);
    return made;
  }

  /**
   * Waits until no function works and no message is there. A message of a later release that a function has in hand does not
   * count: there may be so many that one is always in hand. Neither do `delayed` messages if they may wait, nor a listener
   * that waits for requests.
   */
  async quiet({ delayed = false, looks = 3, patienceMs = 30_000 } = {}): Promise<void> {
    const until = Date.now() + patienceMs;
    for (let calm = 0; calm < looks; ) {
      await sleep(LOOK_MS);
      const noise = await this.noise(delayed);
      calm = noise.length === 0 ? calm + 1 : 0;
      if (Date.now() > until) throw new Error(`it does not get quiet: ${noise.join(', ')}`);
    }
  }

  private async noise(mayBeDelayed: boolean): Promise<string[]> {
    const before = this.unknownInHand();
    const depths = await Promise.all(
      WORK_QUEUES.map(async (queue) => ({ queue, ...(await this.console.depth(queue)) })),
    );
    const unknown = Math.min(before, this.unknownInHand());
    const filled = depths.filter(
      ({ queue, visible, inFlight, delayed }) =>
        visible + inFlight + (mayBeDelayed ? 0 : delayed) > (queue === 'FastLaneQueue' ? unknown : 0),
    );
    const busy = this.stack.functions.filter((pool) =>
      pool.workers().some(({ requestId, payload = '' }) => requestId !== undefined && !isPastime(payload)),
    );
    return [...busy.map(({ definition }) => definition.name), ...filled.map((depth) => JSON.stringify(depth))];
  }

  private unknownInHand(): number {
    const working = this.stack.functions.flatMap((pool) =>
      pool.workers().filter(({ requestId }) => requestId !== undefined),
    );
    return working.reduce((sum, { payload = '' }) => sum + unknownIn(payload), 0);
  }

  /** Keeps every deliverer busy until `release`, so that messages gather. */
  async occupy(): Promise<void> {
    const endpoint_id = await this.endpoint('/held/200', { timeoutMs: 29_000 });
    for (let n = 0; n < this.environments; n++) {
      const { id } = expectStatus(await this.api.post('/v1/tasks', { endpoint_id }), 201).body;
      this.know(id);
      await eventually('a deliverer is busy', () => this.receiver.callsOf(id).length > 0);
    }
  }

  release(): void {
    this.receiver.release();
  }

  /** From now on the project counts as over its share of the fast lane. */
  async markOver(): Promise<void> {
    const client = new DynamoDBClient({
      endpoint: this.stack.dynamodb,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const table = this.stack.functionPool('Api').definition.environment['RUNS_TABLE']!;
    const places = createPlaceStore(DynamoDBDocumentClient.from(client), table);
    await places.markOver({ project: this.project, lane: 'fast' }, Date.now() + 24 * 3_600_000);
    client.destroy();
  }

  /** A run that belongs to no story, or was audited before. */
  know(run: string): void {
    this.known.add(run);
  }

  isKnown(run: string): boolean {
    return this.known.has(run);
  }

  /** The functions' lines about what was not foreseen, each once. Messages of a later release are foreseen. */
  errors(): string[] {
    const isForeseen = (line: string) => line.includes('UnknownFormatError');
    return this.log.splice(0).filter((line) => line.includes('"level":"ERROR"') && !isForeseen(line));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.stack.close({ graceMs: 0 });
    await this.receiver.close();
  }
}

/** Of an invocation that may go on when all is quiet. */
const isPastime = (payload: string) => unknownIn(payload) > 0 || payload.includes('"rawPath":"/v1/listeners/');

/** A path of the receiver, or a target of AWS. */
export type Where = string | { readonly type: string; readonly arn: string };

export interface EndpointSettings {
  readonly attempts?: number;
  readonly backoffSeconds?: number;
  readonly timeoutMs?: number;
  readonly filters?: readonly string[];
  readonly limits?: { readonly rate_limit_per_second?: number; readonly max_concurrency?: number };
  /** An endpoint that no other story shares. */
  readonly own?: boolean;
}
