import type { Problem } from '../../../runtime/problem.js';
import type { RouteAnswer } from '../../route.js';
import { oneMessage } from '../one-message.js';

export function ok(data: unknown, status: RouteAnswer['status'] = 200, location?: string): RouteAnswer {
  return { status, body: { status: 'OK', data }, ...(location !== undefined && { location }) };
}

export function cronServiceError(problem: Problem) {
  return { status: problem.status, body: { status: 'ERROR', message: oneMessage(problem, 'cron-service') } };
}
