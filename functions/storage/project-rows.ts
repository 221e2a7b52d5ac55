import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ProjectRow, ProjectRows } from '../protocol/projects/removal-ports.js';
import type { Project } from '../subjects/projects/project.js';
import type * as keys from './keys.js';
import {
  apiKeyHashKey,
  apiKeyKey,
  attemptPartition,
  bulkPartition,
  carriedPartition,
  deadPartition,
  eventPartition,
  filterHintKey,
  heldPartition,
  type Key,
  labelPartition,
  laterPartition,
  limitPartition,
  namePartition,
  payloadPartition,
  relayPartition,
  runPartition,
  STATE_SUFFIX,
  statsPartition,
  usagePartition,
  workedOffKey,
} from './keys.js';
import { shardsOf } from './newest-items.js';
import { Table } from './table.js';

type TableName = ProjectRow['table'];
type KeyFamily = Extract<keyof typeof keys, `${string}Key` | `${string}Partition`>;
/** Partitions to empty; or in words what else becomes of the rows. */
type Ending = { readonly table: TableName; readonly partitions: (project: Project) => string[] } | string;

const sharded = (table: TableName, partition: (project: string, n: number) => string): Ending => ({
  table,
  partitions: (project) => shardsOf([project]).map((n) => partition(project.id, n)),
});
const single = (table: TableName, partition: (project: string) => string): Ending => ({
  table,
  partitions: ({ id }) => [partition(id)],
});

/**
 * How the rows of each key family end when their project is deleted, in the order in which they are removed: first what
 * makes new runs.
 */
export const ENDINGS: Readonly<Record<KeyFamily, Ending>> = {
  eventPartition: sharded('runs', eventPartition),
  bulkPartition: single('runs', bulkPartition),
  runPartition: sharded('runs', runPartition),
  labelPartition: sharded('runs', labelPartition),
  payloadPartition: sharded('runs', payloadPartition),
  attemptPartition: sharded('runs', attemptPartition),
  deadPartition: sharded('deadLetters', deadPartition),
  statsPartition: single('runs', statsPartition),
  carriedPartition: single('runs', carriedPartition),
  laterPartition: single('runs', laterPartition),
  usagePartition: single('runs', usagePartition),
  relayPartition: single('runs', relayPartition),
  namePartition: single('config', namePartition),

  runKey: 'in runPartition',
  stateKey: 'in runPartition',
  labelKey: 'in labelPartition',
  payloadKey: 'in payloadPartition',
  attemptKey: 'in attemptPartition',
  eventKey: 'in eventPartition',
  pageKey: 'in eventPartition',
  bulkKey: 'in bulkPartition',
  usageKey: 'in usagePartition',
  claimsKey: 'in usagePartition',
  relayKey: 'in relayPartition',
  nameKey: 'in namePartition',
  contentKey: 'in laterPartition',
  deadLetterKey: 'in deadPartition',

  heldPartition: 'with its endpoint, and before with the runs that name it',
  heldKey: 'in heldPartition',
  limitPartition: 'with its endpoint, and before with the runs that name it',
  rateClocksKey: 'in limitPartition',
  slotKey: 'in limitPartition',
  workedOffKey: 'at the end, that of the project; expires: a month after its probe, that of an endpoint',
  configKey: 'with the settings',
  clockKey: 'with its schedule',
  filterHintKey: 'with its endpoint',
  apiKeyKey: 'with the pointer in the settings',
  apiKeyHashKey: 'with the pointer in the settings',

  idempotencyKey: 'expires: 24 hours after its request',
  signatureKey: 'expires: minutes after its request',
  placePartition: 'expires: minutes after its call; a late token may note one after the deletion',
  overSharePartition: 'of no project; a row expires a minute after its mark',
  sessionKey: 'expires: a day after its sign-in at most, and is not good without its key',
  failedSignInsKey: 'of no project',
  auditPartition: 'kept: for as long as the audit is',
  auditKey: 'in auditPartition',
  projectKey: 'kept, without secrets: it says what was deleted, and when',
  roundKey: 'of no project',
  auditExportKey: 'of no project',
  reEncryptionKey: 'of no project',
};

/** A row with the attributes that say what else belongs to it. */
interface Found extends Key {
  readonly status?: string;
  readonly attempt?: number;
  readonly due?: string;
  readonly endpoint_id?: string;
  readonly event_filters?: readonly string[];
  readonly hashes?: readonly string[];
}

const SHOWN = 'pk, sk, #status, attempt, due, endpoint_id, event_filters, hashes';
const PAGE_SIZE = 1_000;

export function createProjectRows(
  client: DynamoDBDocumentClient,
  names: Readonly<Record<TableName, string>>,
): ProjectRows {
  const tableOf = (name: TableName) => new Table(client, names[name]);
  return {
    async *data(project) {
      // A deleted endpoint may have left rows that only its runs lead to.
      const endpoints = new Set<string>();
      for (const ending of Object.values(ENDINGS)) {
        if (typeof ending === 'string') continue;
        for (const pk of ending.partitions(project))
          for await (const rows of pagesOf(ending.table, pk)) {
            const named = rows.flatMap(({ endpoint_id }) => endpoint_id ?? []).filter((id) => !endpoints.has(id));
            for (const id of new Set(named)) yield* ofEndpoint(project, id);
            for (const id of named) endpoints.add(id);
            const states = rows.filter(({ sk }) => sk.endsWith(STATE_SUFFIX));
            const others = rows.filter(({ sk }) => !sk.endsWith(STATE_SUFFIX));
            for (const some of [states, others])
              if (some.length > 0) yield some.map((row) => projectRow(ending.table, row));
          }
      }
    },

    async *settings(project) {
      for await (const rows of pagesOf('config', project.id))
        for (const row of rows) {
          const { sk: id, event_filters = [], hashes = [] } = row;
          if (id.startsWith('ep_')) {
            yield* ofEndpoint(project, id);
            yield event_filters.map((filter) => projectRow('config', filterHintKey(project.id, filter, id)));
          }
          if (id.startsWith('ak_'))
            yield [apiKeyKey(id), ...hashes.map(apiKeyHashKey)].map((key) => projectRow('config', key));
          yield [projectRow('config', row)];
        }
      yield ['fast', 'slow'].map((lane) => projectRow('runs', workedOffKey(lane, project.id)));
    },

    remove: ({ table, pk, sk }) => tableOf(table).remove({ pk, sk }),
  };

  /** Newest first, so that a run's state comes before its definition; strongly consistent. */
  async function* pagesOf(table: TableName, pk: string): AsyncGenerator<Found[]> {
    const asked = { ConsistentRead: true, ScanIndexForward: false, Limit: PAGE_SIZE, ProjectionExpression: SHOWN };
    const pages = tableOf(table).pages<Found>('pk = :pk', { pk }, asked);
    for await (const rows of pages) if (rows.length > 0) yield rows;
  }

  async function* ofEndpoint(project: Project, endpoint: string): AsyncGenerator<ProjectRow[]> {
    const held = shardsOf([project]).map((n) => heldPartition(project.id, endpoint, n));
    for (const pk of [...held, limitPartition(project.id, endpoint)])
      for await (const rows of pagesOf('runs', pk)) yield rows.map((row) => projectRow('runs', row));
  }
}

function projectRow(table: TableName, { pk, sk, status, attempt = 0, due }: Found): ProjectRow {
  const isWaiting = status === undefined || status === 'pending' || status === 'retry_scheduled';
  if (due === undefined || !isWaiting) return { table, pk, sk };
  const run = sk.replace(STATE_SUFFIX, '');
  return { table, pk, sk, wakeUp: { run, attempt: attempt + 1, due: Date.parse(due) } };
}
