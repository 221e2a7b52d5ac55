import { hexOf, timeOf } from './ids.js';

/** Rows, newest first. `end`: the last id that was read, if more may follow; the next page begins before it. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly end?: string;
}

/** One id that a list has read, with its row if the row belongs to the list. */
export interface Step<Row> {
  readonly id: string;
  readonly row?: Row | undefined;
}

/** Reads ids, newest first, and reads more only on demand. */
export type Walk<Row> = AsyncGenerator<Step<Row>, void>;

/** A page ends here even if it is not full, so that a selective filter cannot run into the timeout. */
const MAX_STEPS = 2_000;

/** The first `limit` rows of a walk. */
export async function takePage<Row>(walk: Walk<Row>, limit: number): Promise<Page<Row>> {
  const rows: Row[] = [];
  let steps = 0;
  for await (const { id, row } of walk) {
    if (row !== undefined) rows.push(row);
    steps += 1;
    if (rows.length >= limit || steps >= MAX_STEPS) return { rows, end: id };
  }
  return { rows };
}

/** Merges several walks, each newest first; of equal ids the first walk's step comes first. All start at once. */
export const mergeNewest = <Row>(walks: readonly Walk<Row>[]): Walk<Row> => merge(walks, (a, b) => a > b);
/** The same for walks that are oldest first. */
export const mergeOldest = <Row>(walks: readonly Walk<Row>[]): Walk<Row> => merge(walks, (a, b) => a < b);

async function* merge<Row>(walks: readonly Walk<Row>[], isFirst: (a: string, b: string) => boolean): Walk<Row> {
  const started = await Promise.all(walks.map(startOf));
  let heads = started.flatMap((head) => head ?? []);
  while (heads.length > 0) {
    const first = heads.reduce((a, b) => (isFirst(hexOf(b.step.id), hexOf(a.step.id)) ? b : a));
    yield first.step;
    const next = await startOf(first.walk);
    if (next) first.step = next.step;
    else heads = heads.filter((head) => head !== first);
  }
}

async function startOf<Row>(walk: Walk<Row>): Promise<{ walk: Walk<Row>; step: Step<Row> } | undefined> {
  const { done, value } = await walk.next();
  return done ? undefined : { walk, step: value };
}

/** The same walk; of several steps with the same id only the first is kept. */
export async function* withoutRepeats<Row>(walk: Walk<Row>): Walk<Row> {
  let last: string | undefined;
  for await (const step of walk) {
    if (step.id !== last) yield step;
    last = step.id;
  }
}

/** The same walk, back to `since` (Unix milliseconds). */
export async function* backTo<Row>(walk: Walk<Row>, since: number): Walk<Row> {
  for await (const step of walk) {
    if (timeOf(step.id) < since) return;
    yield step;
  }
}

/** The same walk, with only the rows that `belongs` accepts. */
export async function* rowsOnly<Row>(walk: Walk<Row>, belongs: (row: Row) => boolean): Walk<Row> {
  for await (const { id, row } of walk) yield { id, row: row !== undefined && belongs(row) ? row : undefined };
}
