import { segmentsOf, type TimedAttempt } from '../../console/pages/runs/phases.js';

const told = (attempt: TimedAttempt) => segmentsOf(attempt).map(({ name, ms }) => `${name} ${ms}`);

test('what is left after the first byte is the body', () => {
  const timings_ms = { dns: 4, connect: 8, tls: 12, first_byte: 15 };
  const first = told({ status: 'success', latency_ms: 41, timings_ms });
  expect(first).toEqual(['DNS 4', 'connect 8', 'TLS 12', 'first byte 15', 'body 2']);
  expect(told({ status: 'failed', latency_ms: 15, timings_ms: { first_byte: 15 } })).toEqual([
    'first byte 15',
    'body 0',
  ]);
});

test('without a first byte, the rest is what the call waited for in vain', () => {
  const timings_ms = { dns: 4, connect: 8 };
  expect(told({ status: 'timed_out', latency_ms: 5_012, timings_ms })).toEqual([
    'DNS 4',
    'connect 8',
    'until it failed 5000',
  ]);
  expect(told({ status: 'cancelled', latency_ms: 20, timings_ms })).toContain('until cancelled 8');
});

test('each phase is rounded by itself: their sum may be more than the whole', () => {
  expect(told({ status: 'success', latency_ms: 2, timings_ms: { connect: 1, first_byte: 2 } })).toContain('body 0');
});

test('a call of another target has no phases, nor one before this release', () => {
  expect(told({ status: 'success', latency_ms: 12 })).toEqual([]);
});
