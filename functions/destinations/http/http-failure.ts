import { type CallFailure, callFailure, type Phase } from '../call-failure.js';
import { MALFORMED } from '../outcome.js';
import { InterimAnswersError } from './exchange.js';
import { BlockedAddressError } from './guarded-lookup.js';

/** As `callFailure`, also for errors from the guarded lookup and from the exchange. */
export function httpFailure(error: unknown, phase: Phase, host: string): CallFailure {
  if (error instanceof BlockedAddressError) {
    const message = `${host} resolves to ${error.reason}, which may not be called.`;
    return { status: 'blocked', error: { code: 'blocked_address', message } };
  }
  if (error instanceof InterimAnswersError) {
    const message = `${host} sent one interim answer (1xx) after the other, and no final one.`;
    return { status: 'failed', error: { code: MALFORMED, message } };
  }
  return callFailure(error, phase, host);
}
