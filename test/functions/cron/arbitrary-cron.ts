import fc from 'fast-check';

/** A field as it is written, and the values it stands for: nothing of the engine has to be believed. */
export interface WrittenField {
  readonly text: string;
  readonly values: ReadonlySet<number>;
}

export interface WrittenCron {
  readonly text: string;
  readonly minute: WrittenField;
  readonly hour: WrittenField;
  readonly dayOfMonth: WrittenField;
  readonly month: WrittenField;
  readonly dayOfWeek: WrittenField;
}

function every(from: number, to: number, step = 1): Set<number> {
  return new Set(
    Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((value) => (value - from) % step === 0),
  );
}

const star = (min: number, max: number) => fc.constant<WrittenField>({ text: '*', values: every(min, max) });

/** One to three single values. Written from low to high, because cron-parser cannot do with repeated ones. */
function list(min: number, max: number): fc.Arbitrary<WrittenField> {
  return fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 })
    .map((values) => ({ text: values.join(), values: new Set(values) }));
}

function range(min: number, max: number): fc.Arbitrary<WrittenField> {
  return fc
    .record({ a: fc.integer({ min, max }), b: fc.integer({ min, max }), step: fc.constantFrom(1, 2, 7) })
    .map(({ a, b, step }) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      return { text: `${from}-${to}${step > 1 ? `/${step}` : ''}`, values: every(from, to, step) };
    });
}

function stepped(min: number, max: number): fc.Arbitrary<WrittenField> {
  return fc
    .integer({ min: 1, max: Math.min(max, 30) })
    .map((step) => ({ text: `*/${step}`, values: every(min, max, step) }));
}

const anyField = (min: number, max: number) =>
  fc.oneof(star(min, max), list(min, max), range(min, max), stepped(min, max));

/** Times that clock changes like to hit. */
const hour = fc.oneof(anyField(0, 23), list(0, 3), range(0, 4), list(22, 23));
const rarely = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: usual, weight: 3 }, { arbitrary: other, weight: 1 });

/** Any expression with five fields, except for `L` and `#`. */
export const anyCron: fc.Arbitrary<WrittenCron> = fc
  .record({
    minute: anyField(0, 59),
    hour,
    // No later days are named alone: they may never come.
    dayOfMonth: rarely(star(1, 31), fc.oneof(list(1, 28), range(1, 28), stepped(1, 31))),
    month: rarely(star(1, 12), fc.oneof(range(1, 12), stepped(1, 12))),
    // Sunday is 0 here, so that a step from * agrees with one that goes on to 7.
    dayOfWeek: rarely(star(0, 6), fc.oneof(list(0, 6), range(0, 6))),
  })
  .map((fields) => {
    const { minute, hour, dayOfMonth, month, dayOfWeek } = fields;
    return { ...fields, text: [minute, hour, dayOfMonth, month, dayOfWeek].map(({ text }) => text).join(' ') };
  });
