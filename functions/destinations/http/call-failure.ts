import type { AttemptStatus } from '../outcome.js';
import { HEADERS_TOO_LARGE, MALFORMED } from './answer.js';
import { InterimAnswersError, type Phase } from './exchange.js';
import { BlockedAddressError } from './guarded-lookup.js';

/** The verdict on a call that brought no complete answer. */
export interface CallFailure {
  status: AttemptStatus;
  error: { code: string; message: string };
}

/** Our code and what to say behind the host's name, for each of node's error codes. */
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

/** Families of codes, for those not listed above. */
const FAILURE_FAMILIES: [pattern: RegExp, code: string, says: string][] = [
  [/^HPE_/, MALFORMED, 'answered with something that is not HTTP/1.1'],
  [/^ERR_SSL_/, 'tls_failed', 'did not complete the TLS handshake'],
  [/CERT|CRL|UNABLE_TO|^ERR_TLS_/, 'tls_certificate_invalid', 'showed a TLS certificate that is not valid for it'],
  [/^(ERR_INVALID|ERR_UNESCAPED|ERR_HTTP)/, 'invalid_request', 'was not called: the request cannot be written as HTTP'],
];

const OTHER_FAILURE = ['network_error', 'could not be called because of a network error'] as const;

/** What the time ran out for. */
const TIMEOUTS: Record<Phase, string> = {
  connect: 'could not be connected to',
  response: 'did not answer',
  body: 'did not finish its answer',
};

/** Names what ended a call to `host` in this phase, `error` being node's, or ours from the guarded lookup. */
export function callFailure(error: unknown, phase: Phase, host: string): CallFailure {
  if (error instanceof BlockedAddressError) {
    const message = `${host} resolves to ${error.reason}, which may not be called.`;
    return { status: 'blocked', error: { code: 'blocked_address', message } };
  }
  if (error instanceof InterimAnswersError) {
    return failure('failed', MALFORMED, `${host} sent one interim answer (1xx) after the other, and no final one.`);
  }
  const nodeCode = nodeErrorCode(error);
  if (nodeCode === 'ETIMEDOUT') return timeoutFailure(phase, host);
  const [code, says] = explain(nodeCode, phase);
  return failure('failed', code, `${host} ${says}${code === MALFORMED ? objection(error) : ''}.`);
}

/** What the parser of answers objects to, in words of its own: it quotes nothing. */
function objection(error: unknown): string {
  const { reason } = (error ?? {}) as { reason?: unknown };
  return typeof reason === 'string' ? ` (${reason})` : '';
}

/** The answer's bytes are not HTTP/1.1, or more than is read of a head. */
export function isParserError(error: unknown): boolean {
  return nodeErrorCode(error).startsWith('HPE_');
}

/** The call's own time is over, or the operating system gave up waiting. */
export function timeoutFailure(phase: Phase, host: string): CallFailure {
  return failure('timed_out', `timeout_${phase}`, `${host} ${TIMEOUTS[phase]} in time.`);
}

/** Somebody cancelled the task run while its call was on the way. */
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
 * Node's code for what went wrong, '' if it has none. Of a host whose addresses were tried one by one it is the last
 * one's: earlier ones may merely have been slow.
 */
function nodeErrorCode(error: unknown): string {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: unknown[] };
  if (errors?.length) return nodeErrorCode(errors.at(-1));
  return typeof code === 'string' ? code : '';
}
