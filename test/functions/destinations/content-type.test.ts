import { buildDeliveryRequest } from '../../../functions/destinations/request.js';
import type { RunDefinition } from '../../../functions/subjects/task-runs/task-run.js';
import { anEndpoint, aRun } from '../../support/memory-world.js';

function typeOf(change: Partial<RunDefinition>, headers: Record<string, string> = {}) {
  const { payload: _payload, ...run } = aRun();
  const request = buildDeliveryRequest({
    run: { ...run, ...change },
    destination: { ...anEndpoint(), headers },
    attempt: 1,
    nonce: `att_${'0'.repeat(32)}`,
    secrets: [],
    version: '1',
    now: Date.now(),
  });
  return [request.headers['content-type'], request.shownHeaders['content-type']];
}

const TEXT = { format: 'text', body: '{"a":1}' } as const;
const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';

test.each<[string, Partial<RunDefinition>, string | undefined]>([
  ['a string', { payload: TEXT }, TEXT_TYPE],
  ['a string of no characters', { payload: { format: 'text', body: '' } }, TEXT_TYPE],
  ['any other JSON', { payload: { format: 'json', body: '10.00' } }, JSON_TYPE],
  ['no payload', {}, undefined],
  ['an envelope of the dispatch dialect', { body_format: 'dispatch', title: 't' }, JSON_TYPE],
  ['a job notification', { body_format: 'notification', payload: { format: 'json', body: '{}' } }, JSON_TYPE],
])('what %s calls itself', (_name, change, type) => {
  expect(typeOf(change)).toEqual([type, type]);
});

test('an endpoint that sets a Content-Type has the last word', () => {
  for (const change of [{}, { payload: TEXT }, { payload: { format: 'json', body: '{}' } as const }])
    expect(typeOf(change, { 'Content-Type': 'text/csv' })).toEqual(['text/csv', '***']);
});
