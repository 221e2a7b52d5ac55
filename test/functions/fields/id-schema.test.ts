import type * as z from 'zod/mini';
import { setFaultMessages } from '../../../functions/api/http/fault-messages.js';
import { idFilter, idSchema } from '../../../functions/fields/id-schema.js';
import { uuidOf } from '../../../functions/primitives/ids.js';

setFaultMessages();

const DIGITS = '0199c0de00007000a1b2c3d4e5f60718';
const messageOf = (schema: z.ZodMiniType, value: unknown) => schema.safeParse(value).error?.issues.at(0)?.message;

test.each([
  [101, 'Must be an id of the form ep_…: a string, as the API answered it, and no number.'],
  ['101', 'Must be an id of the form ep_….'],
  [`run_${DIGITS}`, 'Must be an id of the form ep_….'],
  [null, 'Must be a string.'],
  [undefined, 'Required. Send a string.'],
])('of %j as the id of an endpoint it is told what to send', (value, message) => {
  expect(messageOf(idSchema('ep'), value)).toBe(message);
});

test('a filter takes every form of an id, and gives our own', () => {
  for (const given of [`run_${DIGITS}`, `ex_${DIGITS}`, uuidOf(`run_${DIGITS}`)])
    expect(idFilter('run').parse(given)).toBe(`run_${DIGITS}`);
  for (const given of [`job_${DIGITS}`, DIGITS, `ex_${DIGITS}0`, 'ex_1', ''])
    expect(messageOf(idFilter('run'), given)).toBe('Must be an id of the form run_….');
});
