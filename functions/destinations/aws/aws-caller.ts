import { BODY_KEPT, bodyExcerpt } from '../body-excerpt.js';
import { callFailure, cancelledFailure, timeoutFailure } from '../call-failure.js';
import { startLimit } from '../call-limit.js';
import type { Caller, CallerSettings, Kind, OutboundRequest } from '../kind.js';
import type { CallOutcome } from '../outcome.js';
import { regionOf } from './arn.js';
import type { AwsDestination } from './aws-kind.js';

/** Idle sockets are closed soon: after a thaw one may be dead, and a call is never repeated here. */
const AGENT = { keepAlive: true, timeout: 1_500 };

/** Of every client: one try, since another try is another attempt. A batch has fewer calls than a client has sockets. */
const CLIENT = { maxAttempts: 1, cacheMiddleware: true, requestHandler: { httpAgent: AGENT, httpsAgent: AGENT } };

interface ClientSettings extends Readonly<typeof CLIENT> {
  readonly region: string;
}

/** What a service answered. An `error` is of what stands behind the service, such as a function. */
export interface Answer {
  readonly body: string | undefined;
  readonly error?: Failure | undefined;
}
interface Failure {
  readonly code: string;
  readonly message: string;
}

/** How a service is called. */
interface Service<Destination, Client> {
  readonly kind: Kind<Destination & AwsDestination>;
  readonly clientIn: (settings: ClientSettings) => Client;
  readonly call: (
    client: Client,
    destination: Destination,
    request: OutboundRequest,
    options: { readonly abortSignal: AbortSignal },
  ) => Promise<Answer>;
  /** The code of the error which says that an earlier call was taken. */
  readonly taken?: string;
}

type Verdict = Omit<CallOutcome, 'started_at' | 'finished_at' | 'http_status'>;

/** Calls a service of AWS by its client, one for each Region. The timeout is for the whole call, from the socket on. */
export function createAwsCaller<Destination extends AwsDestination, Client>(
  settings: CallerSettings,
  service: Service<Destination, Client>,
): Caller<Destination> {
  const clients = new Map<string, Client>();
  const clientFor = (arn: string): Client => {
    const region = regionOf(arn);
    const client = clients.get(region) ?? service.clientIn({ ...CLIENT, region });
    clients.set(region, client);
    return client;
  };
  return async (destination, request) => {
    const started_at = settings.now();
    const fault = service.kind.unreachable?.(destination, { ...settings, ofProject: request.delivery?.ofProject });
    const verdict = fault
      ? { ...NO_ANSWER, status: 'blocked' as const, error: { code: 'blocked_target', message: fault.message } }
      : await judge(service, () => clientFor(destination.arn), destination, request);
    return { ...verdict, http_status: null, started_at, finished_at: settings.now() };
  };
}

const NO_ANSWER = { response_headers: {}, response_body: '' };

async function judge<Destination extends AwsDestination, Client>(
  { call, taken }: Service<Destination, Client>,
  client: () => Client,
  destination: Destination,
  request: OutboundRequest,
): Promise<Verdict> {
  const limit = startLimit(request);
  try {
    const { body = '', error } = await call(client(), destination, request, { abortSignal: limit.signal });
    const kept = { response_headers: {}, response_body: bodyExcerpt(Buffer.from(body), BODY_KEPT) };
    return error ? { ...kept, status: 'failed', error } : { ...kept, status: 'success', error: null };
  } catch (error) {
    const { arn } = destination;
    if (limit.signal.aborted)
      return {
        ...NO_ANSWER,
        ...(limit.signal.reason === 'cancelled' ? cancelledFailure(arn) : timeoutFailure('response', arn)),
      };
    if (!isAnswer(error)) return { ...NO_ANSWER, ...callFailure(error, 'response', arn) };
    if (error.name === taken) return { ...NO_ANSWER, response_body: error.message, status: 'success', error: null };
    return refusal(error);
  } finally {
    limit.release();
  }
}

/** An error that the service answered. */
interface AnsweredError extends Error {
  readonly $fault: string;
  readonly $response?: { readonly headers?: Record<string, string> };
}

function isAnswer(error: unknown): error is AnsweredError {
  return error instanceof Error && '$fault' in error;
}

/** A service that throttles may say how long to wait. */
function refusal({ name, message, $response }: AnsweredError): Verdict {
  const wait = $response?.headers?.['retry-after'];
  return {
    status: 'failed',
    error: { code: name, message: `${name}: ${message}` },
    response_headers: wait === undefined ? {} : { 'retry-after': wait },
    response_body: '',
  };
}
