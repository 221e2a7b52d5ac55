import { type Page, Pages } from './pages.js';
import type { components, operations } from './schema.js';
import { type CallOptions, createSend, type PunctualOptions, type Query, type Send, sleep } from './transport.js';

export * from './faults.js';
export { type Page, Pages } from './pages.js';
export type { CallOptions, PunctualOptions } from './transport.js';
export {
  type ReceivedRequest,
  SignatureError,
  type SignatureFault,
  type VerifiedCall,
  type VerifyOptions,
  verify,
} from './verify.js';

/** Every type of the API's document by its name there: `Schemas['TaskRun']`. */
export type Schemas = components['schemas'];

type Times = 'run_at' | 'start_at' | 'end_at' | 'since' | 'until' | 'from' | 'to';
/** A moment may be a Date too. Numbers are Unix seconds, texts ISO 8601 with their offset. */
type WithDates<Body> = { [Field in keyof Body]: Field extends Times ? Body[Field] | Date : Body[Field] };

export type NewTask = WithDates<Schemas['NewTask']>;
export type NewEvent = Schemas['NewEvent'];
export type NewEndpoint = Schemas['NewEndpoint'];
export type EndpointPatch = Schemas['EndpointPatch'];
export type NewRetryPolicy = Schemas['NewRetryPolicy'];
export type RetryPolicyPatch = Schemas['RetryPolicyPatch'];
export type NewSchedule = WithDates<Schemas['NewSchedule']>;
export type SchedulePatch = WithDates<Schemas['SchedulePatch']>;
export type PreviewRequest = WithDates<Schemas['SchedulePreviewRequest']>;
export type Backfill = WithDates<Schemas['NewBackfill']>;
export type BulkReplayFilter = WithDates<Schemas['NewBulkReplay']>;
export type BulkResolution = WithDates<Schemas['NewBulkResolution']>;
export type BulkCancel = WithDates<Schemas['NewBulkCancel']>;
/** By a name of your own, its `key`. */
export type PutEndpoint = Schemas['PutEndpoint'];
export type PutRetryPolicy = Schemas['PutRetryPolicy'];
export type PutSchedule = WithDates<Schemas['PutSchedule']>;
export type Resending = Partial<Schemas['Resending']>;

export interface WaitOptions extends CallOptions {
  /** How long to wait, in milliseconds: a minute unless given. */
  readonly forMs?: number;
}

/** A task run as it is now, or a delivery attempt: `type` tells which. */
export type FeedChange = Schemas['FeedRun'] | Schemas['FeedAttempt'];

type Operation = keyof operations;
/** The filters of a list, with `page_size` (1 to 100) and the `cursor` to begin at. */
type Filter<Name extends Operation> = WithDates<
  Omit<NonNullable<operations[Name]['parameters']['query']>, 'page' | 'project_id'>
>;

export type FeedFilter = Omit<Filter<'getFeed'>, 'cursor'>;

export interface FeedOptions extends CallOptions {
  /** How often to ask, in milliseconds. */
  readonly everyMs?: number;
}

/**
 * The API of Punctual, as one project's key sees it. Fields have the names that the API gives them.
 * Every call rejects with a `PunctualError`: an `ApiError` if the API refused it, else an `UnreachableError`.
 */
export class Punctual {
  readonly tasks;
  readonly events;
  readonly endpoints;
  readonly schedules;
  readonly retryPolicies;
  readonly deliveries;
  readonly retryJobs;
  readonly deadLetters;
  readonly listeners;
  readonly #send: Send;

  constructor(options: PunctualOptions) {
    const send = createSend(options);
    this.#send = send;
    this.tasks = tasks(send);
    this.events = events(send);
    this.endpoints = endpoints(send);
    this.schedules = schedules(send);
    this.retryPolicies = retryPolicies(send);
    this.deliveries = deliveries(send);
    this.retryJobs = retryJobs(send);
    this.deadLetters = deadLetters(send);
    this.listeners = listeners(send);
  }

  /** Up to 20 objects by the begin of an id, a key, a name or a label (`customer:4`), or by a whole event key or Idempotency-Key. */
  async search(q: string, options?: CallOptions): Promise<Schemas['Found'][]> {
    return (await this.#send<Schemas['FoundList']>('GET', '/v1/search', { ...options, query: { q } })).data;
  }

  /**
   * Task runs and delivery attempts as they change, from a minute ago or from `since` on, until the loop is left. Asks every two
   * seconds unless `everyMs` says otherwise.
   */
  async *feed(filter: FeedFilter = {}, options: FeedOptions = {}): AsyncGenerator<FeedChange, void, undefined> {
    const { everyMs = 2_000, ...call } = options;
    for (let query: Query = { ...filter }; ; ) {
      const asked = Date.now();
      const lines = await this.#send<Schemas['FeedLine'][]>('GET', '/v1/feed', { ...call, query });
      let page: Schemas['FeedEnd'] | undefined;
      for (const line of lines) {
        if (line.type === 'page') page = line.data;
        else yield line;
      }
      query = { ...filter, since: undefined, cursor: page!.cursor };
      if (!page!.more) await sleep(Math.max(0, everyMs - (Date.now() - asked)), call.signal);
    }
  }

  /** How far a bulk replay, resolution or cancellation has come. */
  bulkJob(id: string, options?: CallOptions) {
    return this.#send<Schemas['BulkJob']>('GET', at('/v1/bulk-jobs', id), options);
  }

  /** The project's quotas, and what it has used of them. */
  usage(options?: CallOptions) {
    return this.#send<Schemas['Usage']>('GET', '/v1/usage', options);
  }
}

/** One execution of something to send. */
function tasks(send: Send) {
  const path = '/v1/tasks';
  return {
    /** Sends `payload` to an endpoint or a URL: now, at `run_at`, or `delay_seconds` from now. */
    create: poster<NewTask, Schemas['TaskRunWithPayload']>(send, path),
    /** Up to 100 tasks, each accepted or refused by itself: look at the `status` of each result. */
    batch: (tasks: readonly NewTask[], options?: CallOptions) =>
      send<Schemas['TaskResults']>('POST', `${path}/batch`, { ...options, body: { tasks } }),
    get: getter<Schemas['TaskRunWithAttempts']>(send, path),
    list: lister<Filter<'listTasks'>, Schemas['TaskRun']>(send, path),
    /** Cancels a run that has not ended; if it succeeds meanwhile, the success wins. */
    cancel: action<Schemas['TaskRunWithPayload']>(send, path, 'cancel'),
    /** Waits until the run has ended, or the time is up, and answers it: look at its `status`. */
    wait: waiter(send, path),
    /** Sends the content of an ended run again, changed where the body says so, as a new run. */
    resend: (id: string, body: Resending = {}, options?: CallOptions) =>
      send<Schemas['TaskRunWithPayload']>('POST', `${at(path, id)}/resend`, { ...options, body }),
    /** Cancels all that the filter or the ids match, in the background; `dry_run: true` only counts them. */
    cancelAll: bulker<BulkCancel, Schemas['BulkJob']>(send, `${path}/cancel`),
    /** Removes the content of an ended run for good. */
    redact: action<Schemas['TaskRunWithAttempts']>(send, path, 'redact'),
  };
}

/** Why to send: a named event makes a task run for every endpoint that listens. */
function events(send: Send) {
  const path = '/v1/events';
  return {
    publish: poster<NewEvent, Schemas['EventWithPayload']>(send, path),
    /** Up to 100 events, each accepted or refused by itself: look at the `status` of each result. */
    batch: (events: readonly NewEvent[], options?: CallOptions) =>
      send<Schemas['EventResults']>('POST', `${path}/batch`, { ...options, body: { events } }),
    get: getter<Schemas['EventWithTasks']>(send, path),
    list: lister<Filter<'listEvents'>, Schemas['Event']>(send, path),
  };
}

/** Where to send. */
function endpoints(send: Send) {
  const path = '/v1/endpoints';
  return {
    /** The answer shows `signing_secret` this once. */
    create: poster<NewEndpoint, Schemas['EndpointWithSecret']>(send, path),
    get: getter<Schemas['Endpoint']>(send, path),
    list: lister<Filter<'listEndpoints'>, Schemas['Endpoint']>(send, path),
    /** Of a new endpoint the answer shows `signing_secret` this once. */
    ...named<PutEndpoint, Schemas['Endpoint'] | Schemas['EndpointWithSecret'], Schemas['Endpoint']>(send, path),
    /** Changes the given fields; null gives a field its default back. `{ status: 'paused' }` pauses. */
    update: patcher<EndpointPatch, Schemas['Endpoint']>(send, path),
    delete: deleter(send, path),
    /** A new secret; the replaced one signs `grace_seconds` longer, a day unless given. */
    rotateSecret: (id: string, body: Partial<Schemas['Rotation']> = {}, options?: CallOptions) =>
      send<Schemas['EndpointWithSecret']>('POST', `${at(path, id)}/rotate-secret`, { ...options, body }),
    /** Sends a signed sample: its attempt, or its run if the attempt takes longer than a few seconds. */
    test: action<Schemas['DeliveryAttempt'] | Schemas['TaskRunWithPayload']>(send, path, 'test'),
    /** Replays the endpoint's open dead letters. */
    recover: (id: string, body: WithDates<Schemas['Recovery']>, options?: CallOptions) =>
      send<Schemas['BulkReplay']>('POST', `${at(path, id)}/recover`, { ...options, body }),
  };
}

/** When to send: a cron expression in a time zone, or one moment. */
function schedules(send: Send) {
  const path = '/v1/schedules';
  return {
    create: poster<NewSchedule, Schemas['ScheduleWithPayload']>(send, path),
    get: getter<Schemas['ScheduleWithPayload']>(send, path),
    list: lister<Filter<'listSchedules'>, Schemas['Schedule']>(send, path),
    ...named<PutSchedule, Schemas['ScheduleWithPayload']>(send, path),
    /** Changes the given fields; null gives a field its default back. `{ status: 'paused' }` pauses. */
    update: patcher<SchedulePatch, Schemas['ScheduleWithPayload']>(send, path),
    delete: deleter(send, path),
    /** Makes a task run of the schedule now, beside its own. */
    run: action<Schemas['TaskRunWithPayload']>(send, path, 'run'),
    runs: (id: string, query: Filter<'listScheduleRuns'> = {}, options?: CallOptions) =>
      lister<Filter<'listScheduleRuns'>, Schemas['TaskRun']>(send, `${at(path, id)}/runs`)(query, options),
    /** Makes the runs of past occurrences that have none, or counts them: 100 at a time, go on from `next_from`. */
    backfill: (id: string, body: Backfill, options?: CallOptions) =>
      send<Schemas['Backfill']>('POST', `${at(path, id)}/backfill`, { ...options, body }),
    /** What an expression means, and its next moments. */
    preview: poster<PreviewRequest, Schemas['SchedulePreview']>(send, `${path}/preview`),
  };
}

/** How often, and how long after a failure, a call is tried again. */
function retryPolicies(send: Send) {
  const path = '/v1/retry-policies';
  return {
    create: poster<NewRetryPolicy, Schemas['RetryPolicy']>(send, path),
    get: getter<Schemas['RetryPolicy']>(send, path),
    list: lister<Filter<'listRetryPolicies'>, Schemas['RetryPolicy']>(send, path),
    ...named<PutRetryPolicy, Schemas['RetryPolicy']>(send, path),
    /** Changes the given fields; null gives a field its default back. */
    update: patcher<RetryPolicyPatch, Schemas['RetryPolicy']>(send, path),
    delete: deleter(send, path),
  };
}

/** Every HTTP call that was made. */
function deliveries(send: Send) {
  const path = '/v1/deliveries';
  return {
    get: getter<Schemas['DeliveryAttempt']>(send, path),
    list: lister<Filter<'listDeliveries'>, Schemas['DeliveryAttempt']>(send, path),
  };
}

/** Task runs that wait for their next attempt. */
function retryJobs(send: Send) {
  const path = '/v1/retry-jobs';
  return {
    get: getter<Schemas['RetryJob']>(send, path),
    list: lister<Filter<'listRetryJobs'>, Schemas['RetryJob']>(send, path),
    /** Makes the next attempt now. */
    run: action<Schemas['TaskRunWithPayload']>(send, path, 'run'),
    /** Gives the run up: it becomes a dead letter. */
    giveUp: deleter(send, path),
  };
}

/** Task runs that will not be tried again by themselves. */
function deadLetters(send: Send) {
  const path = '/v1/dead-letters';
  return {
    get: getter<Schemas['DeadLetterWithPayload']>(send, path),
    list: lister<Filter<'listDeadLetters'>, Schemas['DeadLetter']>(send, path),
    /** Delivers the run again, with all attempts of its policy and under the same `webhook-id`. */
    replay: action<Schemas['TaskRunWithPayload']>(send, path, 'replay'),
    /** Replays all that the filter or the ids match, in the background; `dry_run: true` only counts them. */
    replayAll: bulker<BulkReplayFilter, Schemas['BulkReplay']>(send, `${path}/replay`),
    /** Resolves all that the filter or the ids match, as `replayAll`. */
    resolveAll: bulker<BulkResolution, Schemas['BulkJob']>(send, `${path}/resolve`),
    /** How far a bulk replay has come. */
    replayJob: getter<Schemas['BulkReplay']>(send, `${path}/replays`),
    /** Closes the dead letter without a call; `note` says why. */
    resolve: (id: string, body: Schemas['Resolution'], options?: CallOptions) =>
      send<Schemas['DeadLetterWithPayload']>('POST', `${at(path, id)}/resolve`, { ...options, body }),
  };
}

/** A developer's machine that gets the calls of endpoints in place of their URLs, as `punctual listen` does. */
function listeners(send: Send) {
  const path = '/v1/listeners';
  return {
    /** It ends a minute after it last took requests. */
    start: (endpoint_ids: readonly string[], options?: CallOptions) =>
      send<Schemas['Listener']>('POST', path, { ...options, body: { endpoint_ids } }),
    get: getter<Schemas['Listener']>(send, path),
    list: async (options?: CallOptions) => (await send<Schemas['ListenerList']>('GET', path, options)).data,
    /** Waits some seconds for the first request; each is given once. What is taken must be answered. */
    take: async (id: string, options?: CallOptions) =>
      (await send<Schemas['ListenerRequestList']>('GET', `${at(path, id)}/requests`, options)).data,
    /** The receiver's answer, or why there is none (`{ error: 'ECONNREFUSED' }`): the outcome of the attempt. */
    answer: (id: string, request: string, body: Schemas['ListenerAnswer'], options?: CallOptions): Promise<void> =>
      send('POST', `${at(path, id)}/requests/${request}/answer`, { ...options, body }),
    /** The URLs are called again. */
    end: deleter(send, path),
  };
}

const at = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;

const poster =
  <Body, Answer>(send: Send, path: string) =>
  (body: Body, options?: CallOptions) =>
    send<Answer>('POST', path, { ...options, body });

const getter =
  <Answer>(send: Send, path: string) =>
  (id: string, options?: CallOptions) =>
    send<Answer>('GET', at(path, id), options);

const patcher =
  <Body, Answer>(send: Send, path: string) =>
  (id: string, body: Body, options?: CallOptions) =>
    send<Answer>('PATCH', at(path, id), { ...options, body });

const deleter =
  (send: Send, path: string) =>
  (id: string, options?: CallOptions): Promise<void> =>
    send('DELETE', at(path, id), options);

const action =
  <Answer>(send: Send, path: string, name: string) =>
  (id: string, options?: CallOptions) =>
    send<Answer>('POST', `${at(path, id)}/${name}`, options);

const lister =
  <Filters extends object, Item>(send: Send, path: string) =>
  (filters?: Filters, options?: CallOptions) =>
    new Pages<Item>((cursor) => {
      const query: Query = { ...filters, ...(cursor !== undefined && { cursor }) };
      return send<Page<Item>>('GET', path, { ...options, query });
    });

type DryRun = { readonly dry_run: true };

const bulker =
  <Body, Job>(send: Send, path: string) =>
  <Wanted extends Body>(body: Wanted, options?: CallOptions) =>
    send<Wanted extends DryRun ? Schemas['BulkCount'] : Job>('POST', path, { ...options, body });

/** An object by its `key`. */
const named = <Body, Put, Found = Put>(send: Send, path: string) => {
  const byName = (key: string) => at(`${path}/by-name`, key);
  return {
    /** Makes the object of this key, or replaces it as a whole. */
    put: (key: string, body: Body, options?: CallOptions) => send<Put>('PUT', byName(key), { ...options, body }),
    getByKey: (key: string, options?: CallOptions) => send<Found>('GET', byName(key), options),
    deleteByKey: (key: string, options?: CallOptions): Promise<void> => send('DELETE', byName(key), options),
  };
};

/** One request waits so long at most. */
const MOST_WAIT_SECONDS = 4;
/** A request that does not wait, since others of the project do, is not repeated sooner. */
const ASK_AGAIN_MS = 1_000;

const waiter =
  (send: Send, path: string) =>
  async (id: string, { forMs = 60_000, ...options }: WaitOptions = {}): Promise<Schemas['TaskRunWithAttempts']> => {
    for (const until = Date.now() + forMs; ; ) {
      const asked = Date.now();
      const timeout_seconds = Math.max(1, Math.min(MOST_WAIT_SECONDS, Math.ceil((until - asked) / 1_000)));
      const request = { ...options, query: { timeout_seconds } };
      const run = await send<Schemas['TaskRunWithAttempts']>('GET', `${at(path, id)}/wait`, request);
      const left = until - Date.now();
      if (run.finished_at !== null || left <= 0) return run;
      await sleep(Math.max(0, Math.min(left, ASK_AGAIN_MS - (Date.now() - asked))), options.signal);
    }
  };
