import { idsIn } from '../../../functions/runtime/ids-in.js';

test('the ids of a token are logged, and no other content of its body', () => {
  const token = { kind: 'deliver', project: 'proj_1', run: 'run_1', attempt: 2, due: 1, payload: { pin: 'tops3cret' } };
  expect(idsIn(JSON.stringify(token))).toEqual({ kind: 'deliver', project: 'proj_1', run: 'run_1', attempt: 2 });
});

test.each(['not JSON: tops3cret', '"tops3cret"', 'null', '7', '["tops3cret"]'])('%s names nothing', (body) => {
  expect(idsIn(body)).toEqual({});
});
