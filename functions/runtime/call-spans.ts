import type { Caller } from '../destinations/kind.js';
import type { CallOutcome } from '../destinations/outcome.js';

/** Sends a document to X-Ray; best effort. */
export type SendSpan = (document: object) => void;

/**
 * The caller, which also tells X-Ray of each call while Lambda records the invocation. The span has the id that the
 * receiver got in `traceparent`, so what the receiver traces is below it.
 */
export function withSpans<Destination>(call: Caller<Destination>, send: SendSpan): Caller<Destination> {
  return async (destination, request) => {
    const outcome = await call(destination, request);
    const invocation = recordedInvocation(process.env['_X_AMZN_TRACE_ID']);
    if (invocation) send({ ...invocation, ...spanOf(request.headers, outcome) });
    return outcome;
  };
}

/** Lambda's `Root=…;Parent=…;Sampled=1`; undefined if the invocation is not recorded. */
function recordedInvocation(header = ''): { trace_id: string; parent_id: string } | undefined {
  const { Root, Parent, Sampled } = Object.fromEntries(header.split(';').map((part) => part.split('=')));
  return Root && Parent && Sampled === '1' ? { trace_id: Root, parent_id: Parent } : undefined;
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html: ids and codes alone, no address, no content. */
function spanOf(headers: Readonly<Record<string, string>>, outcome: CallOutcome): object {
  const { 'webhook-id': run, 'punctual-attempt': attempt, traceparent = '' } = headers;
  const [, trace, id] = traceparent.split('-');
  const { status, http_status, error, started_at, finished_at } = outcome;
  return {
    id,
    name: 'attempt',
    type: 'subsegment',
    namespace: 'remote',
    start_time: started_at / 1_000,
    end_time: finished_at / 1_000,
    ...(http_status !== null && { http: { response: { status: http_status } } }),
    ...(status !== 'success' && { fault: true }),
    annotations: { run, attempt: Number(attempt), trace, status, ...(error && { error: error.code }) },
  };
}

/**
 * By a datagram to the daemon that Lambda keeps beside each environment, at `host:port`: no call waits for it. The module is
 * loaded here, since a function without tracing needs none.
 */
export function createSpanSender(daemon: string): SendSpan {
  const { createSocket } = process.getBuiltinModule('node:dgram');
  const [host, port] = daemon.split(':');
  const socket = createSocket('udp4').unref();
  return (document) =>
    socket.send(`{"format":"json","version":1}\n${JSON.stringify(document)}`, Number(port), host, () => {});
}
