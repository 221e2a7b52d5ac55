import { FUNCTION_NAMES } from '../../lib/bundles.js';
import { SETTINGS } from '../chaos/settings.js';
import { patchedRelease } from '../crash-points/mutant-bundle.js';
import type { Patch } from '../crash-points/mutants.js';
import { builtOnce } from '../support/built-once.js';
import { runOrder } from './run-order.js';
import type { SpanningStory } from './spanning-story.js';
import { eventStories } from './stories/events.js';
import { runStories } from './stories/runs.js';

jest.setTimeout(60_000);

// Which release may follow which is told by `npm run releases`; here, that a release which breaks the rule is noticed.
const THIS = builtOnce(SETTINGS);
const PATIENCE_MS = 5_000;
const ORDER = { seed: 1, tasks: 0, minutes: 1, keep: false, mayWait: true, say: () => {} };

/** Each token of a delivery has a field, and each row an attribute, that this release does not know. */
const WRITES_MORE: readonly Patch[] = [
  {
    file: 'protocol/messages/send-run.ts',
    find: "  return { kind: 'deliver', ...tokenBase(run, now), attempt, due };\n",
    put: "  return { kind: 'deliver', ...tokenBase(run, now), attempt, due, later: 1 } as DeliverToken;\n",
  },
  {
    file: 'storage/rows.ts',
    find: '  const plain: Fields = { ...fields, row_format: FORMAT };\n',
    put: "  const plain: Fields = { later: 'unknown', ...fields, row_format: FORMAT };\n",
  },
];

const REFUSES_UNKNOWN_FIELDS: readonly Patch[] = [
  {
    file: 'protocol/rules/token.ts',
    find: 'const deliver = z.looseObject({\n',
    put: 'const deliver = z.strictObject({\n',
  },
];

const laterRelease = patchedRelease(THIS, 'a release that writes more', FUNCTION_NAMES, WRITES_MORE);

const delayed: SpanningStory = {
  name: 'a run that is due after the switch',
  async *tell({ teller, receiver }) {
    const run = await teller.task((await teller.endpointAt(receiver.good)).id, { delay_seconds: 60 });
    yield;
    yield;
    await teller.reached(run, 'success', PATIENCE_MS);
  },
};

test('after a rollback this release ends what a later release began and wrote with more fields', async () => {
  const chosen = [...runStories, ...eventStories].filter(({ name }) => /held|fan-out/.test(name));
  const stories = [...chosen, delayed];
  expect(stories).toHaveLength(3);
  const { counts, faults } = await runOrder({ ...ORDER, first: await laterRelease, second: THIS, stories });
  expect(faults).toEqual([]);
  expect(counts['runs that were open at the switch']).toBeGreaterThanOrEqual(6);
});

test('a release that refuses unknown fields of a token is noticed', async () => {
  const second = await patchedRelease(THIS, 'unknown fields survive', ['deliverer'], REFUSES_UNKNOWN_FIELDS);
  const { faults } = await runOrder({ ...ORDER, first: await laterRelease, second, stories: [delayed] });
  expect(faults).toEqual([
    expect.stringMatching(/^a run that is due after the switch: not within \d+ ms: run_\w+ is success$/),
    expect.stringMatching(/^run_\w+ is stuck in pending$/),
  ]);
});
