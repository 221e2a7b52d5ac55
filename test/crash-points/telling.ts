import type { Point } from './point.js';

/** How a run is to end, whatever died on the way. */
export interface End {
  /** One of these. */
  readonly status: readonly string[];
  /** How many delivery attempts it may have recorded: at least, and at most. */
  readonly attempts: readonly [number, number];
  /** Its target takes a key once. */
  readonly once?: boolean;
  /** Its dead letter was replayed. */
  readonly replayed?: boolean;
  /** An attempt whose worker was lost may have no record: none follows it. */
  readonly mayLoseOne?: boolean;
  /** An operator took the copies of its dead letter out of the queue. */
  readonly moved?: boolean;
}

let told = 0;

/** One telling of a story: calm, or with a function's death in it, or with one of each function. */
export class Telling {
  /** Goes along with its requests, so that they are known to be its. */
  readonly id = `telling-${++told}`;
  /** The calls that each function made on its behalf: operations in order. */
  readonly calls: Record<string, string[]> = {};
  /** The points at which a function was killed, and the call that each was. */
  readonly deaths = new Map<Point, string>();
  /** Ids of its runs and bulk jobs, as they went by in messages. */
  readonly names = new Set<string>();
  /** The runs that its client was told of. */
  readonly ends = new Map<string, End>();
  /** Functions whose calls do not count, while another story's part is told. */
  calm: readonly string[] = [];
  /** Messages that wait for a later release. */
  unknown = 0;
  readonly failures: string[] = [];

  constructor(
    readonly story: string,
    readonly points: readonly Point[] = [],
  ) {}

  /** Counts a call; says on which side of it the function has to die, if it has. */
  meet(fn: string, operation: string): Point['when'] | undefined {
    if (this.calm.includes(fn)) return undefined;
    this.calls[fn] ??= [];
    const k = this.calls[fn].push(operation);
    const point = this.points.find((candidate) => candidate.fn === fn && candidate.k === k);
    if (point) this.deaths.set(point, operation);
    return point?.when;
  }
}

/** A message of a kind that this release does not know. */
export function unknownOf(telling: string): string {
  return JSON.stringify({ kind: 'of_a_later_release', of: telling });
}

/** How many such messages an invocation handles, if it handles nothing else; otherwise 0. */
export function unknownIn(payload: string): number {
  const { Records = [] }: { Records?: readonly { readonly body?: string }[] } = JSON.parse(payload || '{}');
  return Records.every(({ body = '' }) => isUnknown(body)) ? Records.length : 0;
}

export function isUnknown(body: string): boolean {
  return body.startsWith('{"kind":"of_a_later_release"');
}
