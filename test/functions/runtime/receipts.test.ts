import { receiptsOf } from '../../../functions/runtime/receipts.js';

const INVOCATION_MS = 60_000;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** An invocation with one message, and when SQS would hand the message out again, in milliseconds from the start. */
function invocation() {
  const started = Date.now();
  let shownAt = Infinity;
  const receipts = receiptsOf({ getRemainingTimeInMillis: () => started + INVOCATION_MS - Date.now() });
  const change = async (_handle: string, seconds: number) => {
    shownAt = Date.now() - started + seconds * 1000;
  };
  const receipt = receipts.open({ receiptHandle: 'handle' }, { change });
  return { receipts, receipt, shownAt: () => shownAt, at: () => Date.now() - started };
}

test('a message is hidden as long as its invocation lives, and no longer than its worker asked for at once', async () => {
  const { receipt, shownAt, at } = invocation();
  receipt.hideFor(15_000);
  expect(shownAt()).toBe(15_000);
  while (at() < INVOCATION_MS - 1_000) {
    await jest.advanceTimersByTimeAsync(1_000);
    expect(shownAt()).toBeGreaterThan(at());
    expect(shownAt() - at()).toBeLessThanOrEqual(20_000);
  }
  expect(shownAt()).toBeGreaterThanOrEqual(INVOCATION_MS);
});

test('a worker may hide a message for longer than before, and one that outlasts the invocation needs no more', async () => {
  const { receipt, shownAt } = invocation();
  receipt.hideFor(15_000);
  receipt.hideFor(INVOCATION_MS + 1);
  expect([shownAt(), jest.getTimerCount()]).toEqual([61_000, 0]);
});

test('a message that is to be shown is not hidden again', async () => {
  const { receipt, shownAt } = invocation();
  receipt.hideFor(15_000);
  receipt.showAfter(5_000);
  await jest.advanceTimersByTimeAsync(INVOCATION_MS);
  expect(shownAt()).toBe(5_000);
});

test('an invocation that ends leaves no timer', async () => {
  const { receipts, receipt } = invocation();
  receipt.hideFor(15_000);
  await receipts.end();
  expect(jest.getTimerCount()).toBe(0);
});
