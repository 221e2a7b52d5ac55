import fc from 'fast-check';
import { problemOf } from '../../../functions/api/http/problem.js';
import { faultText } from '../../../functions/intake/fault-text.js';
import { InvalidRequestError } from '../../../functions/primitives/faults.js';

test('whatever a message has in it, its fault is text that SQS takes, and short', () => {
  const fault = fc.record({ pointer: fc.string({ unit: 'binary', maxLength: 500 }), message: fc.string() });
  fc.assert(
    fc.property(fc.array(fault, { minLength: 1, maxLength: 100 }), (faults) => {
      const text = faultText(problemOf(new InvalidRequestError(faults)));
      expect(text).toMatch(/^[ -~]{1,4000}$/);
    }),
  );
});

test('a fault reads as the API would answer it', () => {
  const text = faultText(problemOf(new InvalidRequestError([{ pointer: '/task/é\uffff', message: 'Unknown field.' }])));
  expect(text).toContain('\\u00e9\\uffff');
  expect(JSON.parse(text)).toEqual({
    detail: 'The request breaks the rules; see errors.',
    errors: [{ pointer: '/task/é\uffff', message: 'Unknown field.' }],
  });
});
