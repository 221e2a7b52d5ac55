import { onFirstUse } from '../../../functions/primitives/once.js';

test('is made when it is asked for, and once', () => {
  const make = jest.fn(() => undefined);
  const value = onFirstUse(make);
  expect(make).not.toHaveBeenCalled();
  value();
  value();
  expect(make).toHaveBeenCalledTimes(1);
});
