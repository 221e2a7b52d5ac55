import { JunkMessageError, UnknownFormatError } from '../../../../functions/primitives/failed-message.js';
import { laneToken, readToken, wakeUpToken } from '../../../../functions/protocol/rules/token.js';
import { aRun, MemoryWorld, START } from '../../../support/memory-world.js';

const ENVELOPE = { project: 'proj_1', sent_at: START, hop: 0, run: 'run_1', group: 'ep_1' };
const LATER = { of_a_later_release: { deep: [1, null] } };

test('fields that a release does not know survive when it puts a token back', async () => {
  const world = new MemoryWorld();
  const due = START + 3_600_000;
  const turn = { n: 1, at: due, ...LATER };
  const run = aRun();
  const sent = { kind: 'deliver', ...ENVELOPE, run: run.id, attempt: 1, due, turn, ...LATER };
  await world.receive(readToken(laneToken, JSON.stringify(sent)));
  expect(world.messages.map(({ token }) => token)).toEqual([{ ...sent, hop: 1 }]);
});

test.each([
  ['a kind that a later release has', { kind: 'unheard_of', ...ENVELOPE }],
  ['a field that is something else', { kind: 'deliver', ...ENVELOPE, attempt: 'first', due: 0 }],
  ['no object', [1]],
])('%s is a token of another release, and is not quoted', (_name, message) => {
  for (const schema of [laneToken, wakeUpToken]) {
    const read = () => readToken(schema, JSON.stringify({ ...message, secret: 's3cret' }));
    expect(read).toThrow(UnknownFormatError);
    expect(read).not.toThrow(/s3cret|unheard_of/);
  }
});

test('a body that is no JSON is junk', () => {
  expect(() => readToken(laneToken, 's3cret {')).toThrow(JunkMessageError);
  expect(() => readToken(laneToken, 's3cret {')).not.toThrow(/s3cret/);
});
