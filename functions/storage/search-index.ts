import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isId, shardOf } from '../primitives/ids.js';
import type { NamedKind } from '../subjects/projects/names.js';
import type { Project } from '../subjects/projects/project.js';
import type { FoundPrefix, SearchIndex } from '../subjects/projects/search.js';
import {
  attemptPartition,
  bulkPartition,
  deadPartition,
  eventPartition,
  LABEL_END,
  labelPartition,
  nameLabel,
  namePartition,
  runPartition,
} from './keys.js';
import { shardsOf } from './newest-items.js';
import { Table } from './table.js';

interface Tables {
  readonly config: string;
  readonly runs: string;
  readonly deadLetters: string;
}

interface Place {
  readonly table: keyof Tables;
  /** The partition; one for each shard where it takes a shard. */
  readonly partition: (project: string, n: number) => string;
  readonly isSharded: boolean;
}

const config: Place = { table: 'config', partition: (project) => project, isSharded: false };
const events: Place = { table: 'runs', partition: eventPartition, isSharded: true };
const PLACES: Readonly<Record<FoundPrefix, Place>> = {
  ep: config,
  rp: config,
  sch: config,
  run: { table: 'runs', partition: runPartition, isSharded: true },
  evt: events,
  ntf: events,
  att: { table: 'runs', partition: attemptPartition, isSharded: true },
  dl: { table: 'deadLetters', partition: deadPartition, isSharded: true },
  bulk: { table: 'runs', partition: bulkPartition, isSharded: false },
};
const KINDS: readonly NamedKind[] = ['ep', 'rp', 'sch'];

export function createSearchIndex(client: DynamoDBDocumentClient, tables: Tables): SearchIndex {
  async function rows(table: keyof Tables, pk: string, start: string, limit: number, by: 'sk' | 'name' = 'sk') {
    const asked = {
      ...(by === 'name' && { IndexName: 'name-index' }),
      ProjectionExpression: by === 'name' ? 'sk' : 'sk, id',
      ScanIndexForward: false,
      Limit: limit,
    };
    const found = new Table(client, tables[table]).page<{ readonly sk: string; readonly id?: string }>(
      `pk = :pk AND begins_with(#${by}, :start)`,
      { pk, start },
      asked,
    );
    return (await found).items;
  }

  async function underLabel(project: Project, start: string, limit: number) {
    const found = await Promise.all(
      shardsOf([project]).map((n) => rows('runs', labelPartition(project.id, n), start, limit)),
    );
    return found.flat().map(({ sk }) => sk.slice(sk.indexOf(LABEL_END) + 1));
  }

  return {
    async ids(project, prefix, start, limit) {
      const { table, partition, isSharded } = PLACES[prefix];
      const shards = isId(prefix, start) ? [shardOf(start)] : shardsOf([project]);
      const partitions = isSharded ? shards.map((n) => partition(project.id, n)) : [partition(project.id, 0)];
      // The rows of a run's state and of an event's pages stand beside it.
      const found = await Promise.all(partitions.map((pk) => rows(table, pk, start, 2 * limit)));
      const ids = new Set(found.flat().map(({ sk }) => sk.split('#')[0]!));
      return [...ids].sort().reverse().slice(0, limit);
    },

    async keyed(project, start, limit) {
      const pk = namePartition(project);
      const found = await Promise.all(KINDS.map((kind) => rows('config', pk, `${kind}#${start}`, limit)));
      return found.flat().flatMap(({ id }) => id ?? []);
    },

    async named(project, start, limit) {
      const [configured, runs] = await Promise.all([
        rows('config', project.id, start, limit, 'name'),
        underLabel(project, nameLabel(start), limit),
      ]);
      return [...configured.map(({ sk }) => sk), ...runs];
    },

    labelled: underLabel,
  };
}
