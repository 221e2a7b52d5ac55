/** What a server made of a call: the result, or the error's name and HTTP status. */
export type Answer = { result: unknown } | { error: string; status: number | undefined; item?: unknown };

interface ServiceError extends Error {
  readonly $metadata?: { httpStatusCode?: number };
  /** What a failed condition met, where the caller asked for it. */
  readonly Item?: unknown;
}

/** The answer in a form that can be compared: `scrub` replaces what no two servers have in common, such as ids. */
export async function answerTo(call: () => Promise<unknown>, scrub = (_name: string, value: unknown) => value) {
  try {
    return { result: comparable(await call(), scrub) };
  } catch (thrown) {
    const { name, $metadata, Item } = thrown as ServiceError;
    if ($metadata === undefined) throw thrown;
    const item = Item === undefined ? {} : { item: comparable(Item, scrub) };
    return { error: name, status: $metadata.httpStatusCode, ...item };
  }
}

type Scrub = (name: string, value: unknown) => unknown;

/** Without what is absent, with binary values as text and sets in order. */
function comparable(value: unknown, scrub: Scrub): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((member) => comparable(member, scrub));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name]) => name !== '$metadata')
    .map(([name, inner]) => [name, inOrder(name, comparable(scrub(name, inner), scrub))] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

function inOrder(name: string, value: unknown): unknown {
  return /^[SNB]S$/.test(name) && Array.isArray(value) ? [...value].sort() : value;
}

/**
 * Both servers answer alike; or they are known not to, and then they do not, so that the list of what is known holds
 * nothing that is over.
 */
export function expectAlike(ours: unknown, theirs: unknown, knownDifference?: string): void {
  if (knownDifference === undefined) expect({ ours }).toEqual({ ours: theirs });
  else expect(ours).not.toEqual(theirs);
}
