import { validateHeaderName, validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { headerFault, headerFaults } from '../../../../functions/destinations/http/headers.js';

test.each(['Authorization', 'X-Api-Key', 'content-type', 'Accept', 'x-cron', 'webhook', 'Cookie'])(
  '%s is free',
  (name) => {
    expect(headerFault(name, 'value')).toBeUndefined();
  },
);

const RESERVED =
  `Host Content-Length Connection Keep-Alive Proxy-Authorization Proxy-Connection TE Trailer Transfer-Encoding Upgrade
  Expect webhook-id webhook-anything Punctual-Attempt punctual-x Idempotency-Key traceparent tracestate User-Agent
  X-CronFlow-Signature X-CronFlow-Idempotency-Key X-Dispatch-Signature X-Cron-Signature`.split(/\s+/);

test.each(RESERVED)('%s is reserved, in any case', (name) => {
  for (const spelling of [name, name.toLowerCase(), name.toUpperCase()]) {
    expect(headerFault(spelling, 'value')).toMatch(/^Leave this header out: [a-z-]+ is set by the service\.$/);
  }
});

test.each([
  ['Transfer_Encoding', 'transfer-encoding'],
  ['Content_Length', 'content-length'],
  ['CONTENT_LENGTH', 'content-length'],
  ['webhook_id', 'webhook-id'],
  ['Webhook_Signature', 'webhook-signature'],
  ['Punctual_Attempt', 'punctual-attempt'],
  ['X_CronFlow-Signature', 'x-cronflow-signature'],
  ['Proxy.Authorization', 'proxy-authorization'],
  ['Idempotency+Key', 'idempotency-key'],
])('%s is refused, since many servers read it as %s', (name, read) => {
  expect(headerFault(name, 'value')).toBe(
    `Leave this header out: ${read} is set by the service, and many servers read this name as that one.`,
  );
});

test.each(['X_Api_Key', 'my_webhook_id', 'hostname', 'te_st'])('%s is free', (name) => {
  expect(headerFault(name, 'value')).toBeUndefined();
});

test.each(['', 'a b', 'a:', 'a\r\nb', 'größe', '(x)', 'x\u0000'])('%p is no header name', (name) => {
  expect(headerFault(name, 'value')).toContain('name');
});

test.each(['a\r\nHost: x', 'a\nb', 'a\rb', 'a\u0000', 'a\u007f', 'a\u001b', '€', '\u{1F600}'])(
  '%p is no value',
  (value) => {
    expect(headerFault('X-A', value)).toContain('latin1');
  },
);

test('latin1, tabs and nothing at all are values; too long ones are not, and are not repeated in the message', () => {
  for (const value of ['', 'a\tb', 'größe', 'x'.repeat(4096)]) expect(headerFault('X-A', value)).toBeUndefined();
  expect(headerFault('X-A', 'x'.repeat(4097))).toBe('Must be a value of at most 4096 characters.');
  expect(headerFault('x'.repeat(129), '')).toContain('at most 128 characters');
});

test('whatever is let through, node:http can send', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(text, text, (name, value) => {
      if (headerFault(name, value) !== undefined) return;
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }),
    { numRuns: 1000 },
  );
});

test('a whole record: every fault at once, and names that differ only by case', () => {
  expect(headerFaults({ 'X-A': '1', Accept: '*/*' })).toEqual([]);
  const faults = headerFaults({ 'X-A': '1', Host: 'x', 'x-a': '2', 'X-B': '\n' });
  expect(faults.map(({ name }) => name)).toEqual(['Host', 'X-B', 'x-a']);
});

test('not too many, nor too large together', () => {
  const many = (count: number, value: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, value]));
  expect(headerFaults(many(50, 'v'))).toEqual([]);
  expect(headerFaults(many(51, 'v'))).toEqual([{ message: 'Must be at most 50 headers.' }]);
  expect(headerFaults(many(2, 'v'.repeat(4000)))).toEqual([{ message: expect.stringContaining('together') }]);
});
