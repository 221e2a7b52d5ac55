/** A moment to die: right before, or right after, a function's k-th call (from 1) on behalf of a story took effect. */
export interface Point {
  /** `api`, `deliverer`, `dispatcher` or `reconciler`. */
  readonly fn: string;
  readonly k: number;
  readonly when: 'before' | 'after';
}

/** As `--point` takes it, such as `deliverer:3:before`. */
export function nameOf({ fn, k, when }: Point): string {
  return `${fn}:${k}:${when}`;
}

/** @throws Error for anything but what `nameOf` gives */
export function pointOf(name: string): Point {
  const [, fn, k, when] = /^([a-z]+):([1-9]\d*):(before|after)$/.exec(name) ?? [];
  if (fn === undefined) throw new Error('It must be such as deliverer:3:before.');
  return { fn, k: Number(k), when: when as Point['when'] };
}

/**
 * Every point of a telling that made these calls, and one beyond the last: it shows that there are no more. (An environment
 * that is new reads a secret that the calm telling's may have known.)
 */
export function pointsOf(calls: Readonly<Record<string, readonly string[]>>): Point[] {
  return Object.entries(calls).flatMap(([fn, { length }]) => {
    const points = Array.from({ length }, (_, index) => pair(fn, index + 1));
    return [...points.flat(), { fn, k: length + 1, when: 'before' as const }];
  });
}

/** Points to meet in the same telling: one of each function at most, since one's death does not change how far another gets. */
export function sideBySide(points: readonly Point[]): Point[][] {
  const byFunction = new Map<string, Point[]>();
  for (const point of points) byFunction.set(point.fn, [...(byFunction.get(point.fn) ?? []), point]);
  const lists = [...byFunction.values()];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? []));
}

/** After a point beyond the last that was met all the same: its other half, and one further on. */
export function pointsBeyond({ fn, k }: Point): Point[] {
  return [
    { fn, k, when: 'after' },
    { fn, k: k + 1, when: 'before' },
  ];
}

function pair(fn: string, k: number): Point[] {
  return [
    { fn, k, when: 'before' },
    { fn, k, when: 'after' },
  ];
}
