import { oneMessage } from '../../http/dialect.js';
import { CHALLENGE, type Problem } from '../../http/problem.js';
import type { RouteAnswer } from '../../http/route.js';

export function ok(message: string, data: unknown, status: RouteAnswer['status'] = 200): RouteAnswer {
  return { status, body: { status: true, message, data } };
}

/** This dialect has one status for refused requests, and one for refused credentials. */
const STATUSES: Readonly<Record<string, number>> = { conflict: 400, forbidden: 401 };

export function dispatchError(problem: Problem) {
  const status = STATUSES[problem.code] ?? problem.status;
  const body = { status: false, message: oneMessage(problem, 'dispatch'), data: null };
  return { status, body, ...(status === 401 && { headers: CHALLENGE }) };
}
