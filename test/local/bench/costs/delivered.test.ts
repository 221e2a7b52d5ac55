import {
  type Counted,
  type FunctionCount,
  messagesPerInvocation,
  processorGbSeconds,
  unitsPerDelivery,
  withWaitsOf,
} from '../../../../local/bench/costs/delivered.js';
import { units } from '../../../../local/bench/costs/units.js';

const counted = (more: Partial<FunctionCount> & { name: string }): FunctionCount => ({
  invocations: 0,
  messages: 0,
  isFed: false,
  calls: units(),
  perInvocation: units(),
  perMessage: units(),
  ...more,
});

const api = counted({
  name: 'Api',
  invocations: 100,
  messages: 100,
  perInvocation: units({ functionRequests: 1, apiRequests: 1 }),
});
const deliverer = counted({
  name: 'Deliverer',
  isFed: true,
  invocations: 25,
  messages: 100,
  calls: units({ writeUnits: 200 }),
  perInvocation: units({ functionRequests: 1, sqsRequests: 2, gbSeconds: 0.05 }),
  perMessage: units({ gbSeconds: 0.001 }),
});
const run: Counted = { deliveries: 100, functions: [api, deliverer], rest: { egressBytes: 1000 } };

test('as measured: what was called and invoked, over what was delivered', () => {
  expect(messagesPerInvocation(run)).toBe(4);
  expect(unitsPerDelivery(run)).toMatchObject({
    apiRequests: 1,
    functionRequests: 1.25,
    sqsRequests: 0.5,
    writeUnits: 2,
    gbSeconds: 0.05 / 4 + 0.001,
    egressBytes: 10,
  });
});

test('with ten messages per invocation only what SQS invokes is invoked less', () => {
  const atTen = unitsPerDelivery(run, 10);
  expect(atTen).toMatchObject({ apiRequests: 1, sqsRequests: 0.2, writeUnits: 2 });
  expect(atTen.functionRequests).toBeCloseTo(1.1);
  expect(atTen.gbSeconds).toBeCloseTo(0.005 + 0.001);
});

test('processor time is each message’s own, however many come together', () => {
  expect(processorGbSeconds(run)).toBeCloseTo(0.001);
});

test('waits come from another run, all else stays', () => {
  const slow = {
    ...deliverer,
    perInvocation: units({ gbSeconds: 9 }),
    perMessage: units({ gbSeconds: 9 }),
    calls: units(),
  };
  const merged = withWaitsOf({ ...run, functions: [api, slow] }, run).functions[1]!;
  expect(merged.perInvocation).toMatchObject({ gbSeconds: 0.05, sqsRequests: 0 });
  expect(merged.perMessage.gbSeconds).toBe(9);
});
