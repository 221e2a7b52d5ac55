import { createCaller } from '../../../../functions/destinations/callers.js';
import type { CallerSettings, OutboundRequest } from '../../../../functions/destinations/kind.js';
import type { Destination } from '../../../../functions/destinations/registry.js';

export const RUN = 'run_01999999999900000123456789abcdef';
export const IN_TEST = 'us-east-1:000000000000';

/** The SDK finds the service where Lambda's environment says. */
export function pointSdkAt(service: string, url: string): void {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    [`AWS_ENDPOINT_URL_${service}`]: url,
  });
}

/** Calls by the caller of the destination's kind. */
export function callAws(destination: Destination, request: Partial<OutboundRequest> = {}, settings: object = {}) {
  const caller = createCaller({
    allowHttp: false,
    allowLoopback: false,
    allowedTargets: ['sqs', 'sns', 'events', 'lambda', 'states'].map((service) => `arn:aws:${service}:${IN_TEST}:*`),
    now: Date.now,
    ...settings,
  } as CallerSettings);
  return caller(destination, {
    headers: {
      'idempotency-key': RUN,
      'webhook-id': RUN,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    body: Buffer.from('{"a":1}'),
    timeoutMs: 2_000,
    delivery: { group: 'group' },
    ...request,
  });
}
