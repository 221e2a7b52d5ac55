import { Stopping } from '../../local/stopping.js';

let listeners: Record<string, () => void>;
let said: string[];
let exits: unknown[];
beforeEach(() => {
  jest.useFakeTimers();
  [listeners, said, exits] = [{}, [], []];
  jest.spyOn(process, 'on').mockImplementation((signal, listener) => {
    listeners[String(signal)] = listener as () => void;
    return process;
  });
  jest.spyOn(process, 'exit').mockImplementation((code) => exits.push(code) as never);
  jest.spyOn(console, 'error').mockImplementation((text) => said.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const press = (signal = 'SIGINT') => listeners[signal]!();
const IN_ORDER = 'Stopping: what is under way may end. Ctrl-C again stops at once.';
const AT_ONCE = 'Stopped at once. What was accepted goes on at the next start.';

test('before anything is there to close, it stops at once', () => {
  new Stopping();
  press();
  expect([said, exits]).toEqual([[AT_ONCE], [130]]);
});

test.each(['SIGINT', 'SIGTERM'])('%s stops in order, once', async (signal) => {
  const close = jest.fn(async () => {});
  new Stopping().inOrder(close);
  press(signal);
  press(signal); // npm passes on the same signal
  await jest.runAllTimersAsync();
  expect([said, exits]).toEqual([[IN_ORDER], [0]]);
  expect(close).toHaveBeenCalledTimes(1);
});

test('a second press stops at once what takes its time', () => {
  new Stopping().inOrder(() => new Promise(() => {}));
  press();
  jest.advanceTimersByTime(600);
  press();
  expect([said, exits]).toEqual([[IN_ORDER, AT_ONCE], [130]]);
});

test('what cannot be closed is told', async () => {
  new Stopping().inOrder(() => Promise.reject('broken'));
  press();
  await jest.runAllTimersAsync();
  expect([said, exits]).toEqual([[IN_ORDER, 'broken'], [1]]);
});
