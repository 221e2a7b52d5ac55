import { oneMessage } from '../../http/dialect.js';
import type { Problem } from '../../http/problem.js';
import type { RouteAnswer } from '../../http/route.js';

export function ok(data: unknown, status: RouteAnswer['status'] = 200, location?: string): RouteAnswer {
  return { status, body: { status: 'OK', data }, ...(location !== undefined && { location }) };
}

export function cronServiceError(problem: Problem) {
  return { status: problem.status, body: { status: 'ERROR', message: oneMessage(problem, 'cron-service') } };
}
