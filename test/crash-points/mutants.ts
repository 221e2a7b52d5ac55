import type { FunctionName } from '../../lib/bundles.js';

/** A rule of the protocol, broken on purpose by replacing exact snippets of the sources. */
export interface Mutant {
  readonly breaks: string;
  readonly fn: FunctionName;
  readonly patches: readonly Patch[];
  /** The stories that can show it, and whose deaths do. */
  readonly stories: readonly string[];
  readonly deathsOf: FunctionName;
  /** The invariant that does not hold any more, in the audit's words. */
  readonly shows: RegExp;
}

export interface Patch {
  /** Below functions/. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    breaks: 'the verdict comes before its effects',
    fn: 'deliverer',
    patches: [
      {
        file: 'deliverer/conclude.ts',
        find: "import { record } from '../protocol/runs/record.js';",
        put: "import { performEffects } from '../protocol/effects/effects.js';\nimport { record } from '../protocol/runs/record.js';",
      },
      {
        file: 'deliverer/conclude.ts',
        find: '      found = await record(',
        put: `      await performEffects(worker, run, next);
      found = await record(`,
      },
    ],
    stories: ['a receiver that changes its mind'],
    deathsOf: 'deliverer',
    shows: /dead letters|copies of its dead letter/,
  },
  {
    breaks: 'a redelivery does the effects of a recorded state again',
    fn: 'deliverer',
    patches: [
      {
        file: 'deliverer/deliver.ts',
        find: '      found = await follow(worker, token, found, decision);\n',
        put: "      if (decision.do === 'effects' && !isMine) return false;\n      found = await follow(worker, token, found, decision);\n",
      },
    ],
    stories: ['fail, retry, success', 'a receiver that changes its mind'],
    deathsOf: 'deliverer',
    shows: /stuck in retry_scheduled|0 dead letters|0 copies/,
  },
  {
    breaks: 'an attempt is claimed',
    fn: 'deliverer',
    patches: [
      {
        file: 'protocol/rules/attempt-decision.ts',
        find: "  if (lease > now) return { do: 'wait', due: lease };\n",
        put: '',
      },
    ],
    stories: ['a slow receiver'],
    deathsOf: 'api',
    shows: /repeated calls for \d deaths/,
  },
  {
    breaks: 'what may live already is put only if absent',
    fn: 'api',
    patches: [
      {
        file: 'storage/run-store.ts',
        find: "import { type RunDefinition, stateExpiry } from '../subjects/task-runs/task-run.js';",
        put: "import { pendingState, type RunDefinition, stateExpiry } from '../subjects/task-runs/task-run.js';",
      },
      {
        file: 'storage/run-store.ts',
        find: '      for (const item of [...runLabelItems(definition), ...definitionItems(definition)]) await put(item);\n',
        put: `      const key = { project: definition.project_id, run: definition.id };
      for (const item of [...runLabelItems(definition), ...definitionItems(definition), stateItem(key, pendingState(definition))])
        await table.put(item);\n`,
      },
    ],
    stories: ['create, deliver, success'],
    deathsOf: 'api',
    shows: /repeated calls for \d deaths|stuck in|0 attempts/,
  },
  {
    breaks: 'a token is sent also for a child that exists',
    fn: 'api',
    patches: [
      {
        file: 'protocol/runs/run-operations.ts',
        find: '  const token = deliverToken(run, 1, due, ports.clock.now());\n  await (lane ?',
        put: `  const { definition } = await ports.runs.find({ project: run.project_id, run: run.id });
  if (definition !== undefined) return;
  await ports.runs.create(run);
  const token = deliverToken(run, 1, due, ports.clock.now());\n  await (lane ?`,
      },
    ],
    stories: ['create, deliver, success'],
    deathsOf: 'api',
    shows: /stuck in pending/,
  },
  {
    breaks: 'a message is acknowledged last',
    fn: 'deliverer',
    patches: [
      {
        file: 'deliverer/handler.ts',
        find: "import type { SQSRecord } from 'aws-lambda';\n",
        put: `import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { sqs } from '../runtime/wiring.js';\n`,
      },
      {
        file: 'deliverer/handler.ts',
        find: '  const token = readToken(laneMessage, message.body);\n',
        put: `  const token = readToken(laneMessage, message.body);
  const QueueUrl = process.env['FAST_LANE_URL'];
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.receiptHandle }));\n`,
      },
    ],
    stories: ['create, deliver, success'],
    deathsOf: 'deliverer',
    shows: /stuck in (pending|running)/,
  },
];
