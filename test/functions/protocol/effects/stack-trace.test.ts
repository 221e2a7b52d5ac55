import { stackTraceIn } from '../../../../functions/protocol/effects/job-facts.js';

const NODE = 'Error: pool exhausted\n    at connect (/app/db.js:12:9)\n    at main (/app/index.js:3:1)';
const PYTHON =
  'Traceback (most recent call last):\n  File "/app/job.py", line 3, in run\n    connect()\nOSError: pool exhausted';
const GO = 'goroutine 1 [running]:\nmain.main()\n\t/app/main.go:9 +0x1d';

test.each([
  ['Express', JSON.stringify({ message: 'pool exhausted', stack: NODE }), NODE],
  ['under error', JSON.stringify({ error: { stackTrace: NODE } }, null, 2), NODE],
  ['Spring', JSON.stringify({ status: 500, trace: NODE, path: '/job' }), NODE],
  ['a name of its own', '{"stack_trace": "in job.rb:3"}', 'in job.rb:3'],
  ['lines as a list', JSON.stringify({ stack: NODE.split('\n') }), NODE],
  ['an id before it', JSON.stringify({ trace: '4bf92f35', traceback: PYTHON }), PYTHON],
  ['JSON that was cut', JSON.stringify({ stack: NODE }).slice(0, 40), NODE.slice(0, 29)],
  ['JSON that was cut within an escape', '{"stack_trace": "a\\u00', 'a\\u00'],
  ['Python as text', `Internal Server Error\n\n${PYTHON}\n`, PYTHON],
  ['Java as text', `<pre>\n${NODE}\n`, NODE],
  ['Go as text', `panic: pool exhausted\n\n${GO}`, GO],
])('a stack trace is found: %s', (_name, answer, trace) => expect(stackTraceIn(answer)).toBe(trace));

test.each([
  ['', ''],
  ['a message', 'Database connection pool exhausted'],
  ['the id of a trace', '{"trace": "4bf92f3577b34da6", "stack": "production"}'],
  ['other types', '{"stack": null, "trace": 1, "stack_trace": [], "stackTrace": {"a": "b"}}'],
  ['prose in JSON', '{"message": "look\\n at this"}'],
])('none is made up: %s', (_name, answer) => expect(stackTraceIn(answer)).toBeUndefined());

test.each([
  ['quotes', '"stack":"'.repeat(500)],
  ['white space', ` \n\t at`.repeat(800)],
  ['backslashes', `{"stack": "${'\\'.repeat(4000)}`],
  ['names', '"stack": ["" '.repeat(400)],
])('an answer that means harm takes no time: %s', (_name, answer) => {
  const start = performance.now();
  stackTraceIn(answer);
  expect(performance.now() - start).toBeLessThan(250);
});
