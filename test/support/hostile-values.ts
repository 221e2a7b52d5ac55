import type * as z from 'zod/mini';

/** Of every kind of JSON, and at the ends of what a check may allow. */
const HOSTILE: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  1e12,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  'x',
  '\u202e',
  'x\ny',
  'x'.repeat(5_000),
  '2026-03-01',
  [],
  [1],
  [[]],
  ['x', 'x'],
  Array.from({ length: 200 }, () => 'x'),
  {},
  { x: 1 },
  { 'bad name': 'x', host: 'x', 'x-a': 'a\nb', 'x-b': 1, 'x-c': 'x'.repeat(5_000) },
];

type Schema = z.core.$ZodType;
interface Def {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly element?: Schema;
  readonly options?: readonly Schema[];
  readonly valueType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
}

/** Values that a schema has to refuse somewhere, and some that it takes: each of its fields gets each hostile value. */
export function hostileValues(schema: Schema): unknown[] {
  const { innerType, in: input, element, options, valueType, shape } = schema._zod.def as unknown as Def;
  if (innerType ?? input) return hostileValues((innerType ?? input)!);
  if (options) return options.flatMap(hostileValues);
  if (element) return [...HOSTILE, ...hostileValues(element).map((value) => [value])];
  if (valueType) return [...HOSTILE, ...hostileValues(valueType).map((value) => ({ 'x-a': value }))];
  if (shape === undefined) return [...HOSTILE];
  const inFields = Object.entries(shape).flatMap(([name, field]) =>
    hostileValues(field).map((value) => (value === undefined ? {} : { [name]: value })),
  );
  const misspelled = Object.keys(shape).map((name) => ({ [`${name}x`]: 1 }));
  return [...HOSTILE, ...inFields, ...misspelled];
}
