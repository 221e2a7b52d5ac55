import { type AttemptStatus, HEADERS_TOO_LARGE, MALFORMED } from './outcome.js';

/** Phase of a call: reach the host (DNS, TCP, TLS), wait for the answer's headers, read the answer's body. */
export type Phase = 'connect' | 'response' | 'body';

/** The verdict on a call that brought no complete answer. */
export interface CallFailure {
  status: AttemptStatus;
  error: { code: string; message: string };
}

/** For each of node's error codes: our code, and the words behind the host's name. */
const NETWORK_FAILURES: Record<string, [code: string, says: string]> = {
  ECONNREFUSED: ['connection_refused', 'refused the connection'],
  ECONNRESET: ['connection_reset', 'closed the connection without answering'],
  EPIPE: ['connection_reset', 'closed the connection without answering'],
  ENOTFOUND: ['dns_not_found', 'was not found in DNS'],
  EAI_AGAIN: ['dns_failed', 'could not be looked up: DNS gave no answer'],
  EAI_FAIL: ['dns_failed', 'could not be looked up: DNS failed'],
  EHOSTUNREACH: ['host_unreachable', 'cannot be reached from here'],
  ENETUNREACH: ['host_unreachable', 'cannot be reached from here'],
  EADDRNOTAVAIL: ['host_unreachable', 'cannot be reached from here'],
  EPROTO: ['tls_failed', 'did not complete the TLS handshake'],
  HPE_HEADER_OVERFLOW: [HEADERS_TOO_LARGE, 'answered with headers larger than 16 KB'],
};

/** Families of node's codes that `NETWORK_FAILURES` does not list. */
const FAILURE_FAMILIES: [pattern: RegExp, code: string, says: string][] = [
  [/^HPE_/, MALFORMED, 'answered with something that is not HTTP/1.1'],
  [/^ERR_SSL_/, 'tls_failed', 'did not complete the TLS handshake'],
  [/CERT|CRL|UNABLE_TO|^ERR_TLS_/, 'tls_certificate_invalid', 'showed a TLS certificate that is not valid for it'],
  [/^(ERR_INVALID|ERR_UNESCAPED|ERR_HTTP)/, 'invalid_request', 'was not called: the request cannot be written as HTTP'],
];

const OTHER_FAILURE = ['network_error', 'could not be called because of a network error'] as const;

/** Words for a timeout in each phase. */
const TIMEOUTS: Record<Phase, string> = {
  connect: 'could not be connected to',
  response: 'did not answer',
  body: 'did not finish its answer',
};

/** The verdict on a call to `host` that ended in this phase by `error`, from node. */
export function callFailure(error: unknown, phase: Phase, host: string): CallFailure {
  const nodeCode = nodeErrorCode(error);
  if (nodeCode === 'ETIMEDOUT') return timeoutFailure(phase, host);
  const [code, says] = explain(nodeCode, phase);
  return failure('failed', code, `${host} ${says}${code === MALFORMED ? objection(error) : ''}.`);
}

/** The reason that node's parser gives; the parser never quotes the answer. */
function objection(error: unknown): string {
  const { reason } = (error ?? {}) as { reason?: unknown };
  return typeof reason === 'string' ? ` (${reason})` : '';
}

/** The answer is not HTTP/1.1, or its headers are larger than the limit. */
export function isParserError(error: unknown): boolean {
  return nodeErrorCode(error).startsWith('HPE_');
}

/** The call's timeout is over, or the operating system gave up waiting. */
export function timeoutFailure(phase: Phase, host: string): CallFailure {
  return failure('timed_out', `timeout_${phase}`, `${host} ${TIMEOUTS[phase]} in time.`);
}

/** The task run was cancelled during its call. */
export function cancelledFailure(host: string): CallFailure {
  return failure('cancelled', 'cancelled', `The call to ${host} was cancelled.`);
}

function failure(status: AttemptStatus, code: string, message: string): CallFailure {
  return { status, error: { code, message } };
}

function explain(nodeCode: string, phase: Phase): readonly [code: string, says: string] {
  if (phase === 'body' && !nodeCode.startsWith('HPE_')) {
    return ['response_incomplete', 'broke off in the middle of its answer'];
  }
  const family = FAILURE_FAMILIES.find(([pattern]) => pattern.test(nodeCode));
  return NETWORK_FAILURES[nodeCode] ?? (family ? [family[1], family[2]] : OTHER_FAILURE);
}

/**
 * Node's error code, '' if there is none. If several addresses of a host were tried, the last address decides: earlier
 * addresses may only have been slow.
 */
function nodeErrorCode(error: unknown): string {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: unknown[] };
  if (errors?.length) return nodeErrorCode(errors.at(-1));
  return typeof code === 'string' ? code : '';
}
