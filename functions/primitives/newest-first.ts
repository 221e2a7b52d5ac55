import { hexOf, timeOf } from './ids.js';

/** Rows newest first. `end` is there when more may follow: the last id that was looked at, to go on before. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly end?: string;
}

/** One id that a list has looked at, with its row if it belongs to the list. */
export interface Step<Row> {
  readonly id: string;
  readonly row?: Row | undefined;
}

/** Looks through ids, newest first, reading more only as it is asked to. */
export type Walk<Row> = AsyncGenerator<Step<Row>, void>;

/** A page ends here even if it is not full, so that a filter that hardly anything passes cannot run into the timeout. */
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

/** Several walks, each newest first, as one: of the same id, the step of the first walk first. All of them start at once. */
export async function* mergeNewest<Row>(walks: readonly Walk<Row>[]): Walk<Row> {
  const started = await Promise.all(walks.map(startOf));
  let heads = started.flatMap((head) => head ?? []);
  while (heads.length > 0) {
    const newest = heads.reduce((a, b) => (hexOf(b.step.id) > hexOf(a.step.id) ? b : a));
    yield newest.step;
    const next = await startOf(newest.walk);
    if (next) newest.step = next.step;
    else heads = heads.filter((head) => head !== newest);
  }
}

async function startOf<Row>(walk: Walk<Row>): Promise<{ walk: Walk<Row>; step: Step<Row> } | undefined> {
  const { done, value } = await walk.next();
  return done ? undefined : { walk, step: value };
}

/** The same walk, where of several steps with the same id only the first counts. */
export async function* withoutRepeats<Row>(walk: Walk<Row>): Walk<Row> {
  let last: string | undefined;
  for await (const step of walk) {
    if (step.id !== last) yield step;
    last = step.id;
  }
}

/** The same walk, as far back as `since` (Unix milliseconds). */
export async function* backTo<Row>(walk: Walk<Row>, since: number): Walk<Row> {
  for await (const step of walk) {
    if (timeOf(step.id) < since) return;
    yield step;
  }
}

/** The same walk, with only the rows that `belongs` lets through. */
export async function* rowsOnly<Row>(walk: Walk<Row>, belongs: (row: Row) => boolean): Walk<Row> {
  for await (const { id, row } of walk) yield { id, row: row !== undefined && belongs(row) ? row : undefined };
}
