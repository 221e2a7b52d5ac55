import { createScanner, type JSONVisitor, visit } from 'jsonc-parser';
import { type Fault, InvalidRequestError } from '../../primitives/faults.js';
import { JsonText } from '../../primitives/json-text.js';

/** The JSON pointer (RFC 6901) to the value under these keys. Half of a surrogate pair in a key is shown as U+FFFD. */
export function pointer(keys: readonly PropertyKey[]): string {
  return keys
    .map(
      (key) =>
        `/${String(key)
          .replace(/~/g, '~0')
          .replace(/\//g, '~1')
          .replace(/\p{Surrogate}/gu, '\ufffd')}`,
    )
    .join('');
}

/** More of them help no reader, and must not make the answer larger than the request. */
const MAX_FAULTS = 100;
/** As names of an object's members, JavaScript takes these two for its own: the libraries that we stand on lose or refuse them. */
const NAMES_OF_JAVASCRIPT: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

export interface ReadJson {
  readonly value: unknown;
  /** What no JSON may hold here, wherever it stands. */
  readonly faults: readonly Fault[];
}

export interface Reading {
  /** The name of what is not made into values. */
  readonly kept: string;
  /** Objects and arrays within each other. */
  readonly maxDepth: number;
}

/**
 * Reads JSON into values, but for what stands under the name `kept`: that becomes a `JsonText`, whose numbers and names
 * stay as they were written. A string or null there is a value all the same.
 * @throws InvalidRequestError for what is no JSON, or is nested too deep to be looked at further
 */
export function readJson(text: string, reading: Reading): ReadJson {
  const reader = new Reader(text, reading);
  const visitor: JSONVisitor = {
    onObjectBegin: (at, _length, _line, _character, path) => reader.begin('object', at, path),
    onArrayBegin: (at, _length, _line, _character, path) => reader.begin('array', at, path),
    onObjectProperty: (name, _at, _length, _line, _character, path) => reader.nameNext(name, path),
    onLiteralValue: (value, at, length, _line, _character, path) => reader.literal(value, at, length, path),
    onObjectEnd: (at) => reader.end(at),
    onArrayEnd: (at) => reader.end(at),
    onError: (_code, at) => {
      // Not a parser's own message: some of them quote the body.
      throw new InvalidRequestError([
        { pointer: '', message: `Send JSON: the body is not JSON from position ${at} on.` },
      ]);
    },
  };
  visit(text, visitor, { disallowComments: true });
  const { value, faults } = reader;
  return { value, faults };
}

type Path = () => PropertyKey[];

/** An object or array that is not at its end yet. */
interface Open {
  readonly members: Map<string, unknown> | undefined;
  readonly items: unknown[];
  /** Of the member whose value comes next; undefined for one that is left out. */
  next?: string | undefined;
}

class Reader {
  value: unknown;
  readonly faults: Fault[] = [];
  private readonly open: Open[] = [];
  private depth = 0;
  /** Where the text that is kept begins, and how deep. */
  private keeping: { readonly from: number; readonly depth: number } | undefined;

  constructor(
    private readonly text: string,
    private readonly reading: Reading,
  ) {}

  begin(kind: 'object' | 'array', at: number, path: Path): void {
    const { maxDepth } = this.reading;
    this.depth += 1;
    if (this.depth > maxDepth)
      throw new InvalidRequestError([{ pointer: pointer(path()), message: `Nested deeper than ${maxDepth} levels.` }]);
    if (this.keeping) return;
    if (this.isKept()) this.keeping = { from: at, depth: this.depth };
    else this.open.push({ members: kind === 'object' ? new Map() : undefined, items: [] });
  }

  end(at: number): void {
    const { keeping } = this;
    this.depth -= 1;
    if (keeping === undefined) {
      const { members, items } = this.open.pop()!;
      this.put(members ? Object.fromEntries(members) : items);
    } else if (keeping.depth > this.depth) {
      this.keeping = undefined;
      this.put(new JsonText(withoutSpace(this.text.slice(keeping.from, at + 1))));
    }
  }

  nameNext(name: string, path: Path): void {
    if (this.keeping) return;
    const holder = this.open.at(-1)!;
    const fault = nameFault(name, holder.members!);
    if (fault !== undefined) this.addFault([...path(), name], fault);
    holder.next = fault === undefined ? name : undefined;
  }

  literal(value: unknown, at: number, length: number, path: Path): void {
    if (this.keeping) return;
    const isText = this.isKept() && typeof value !== 'string' && value !== null;
    const fault = isText ? undefined : literalFault(value);
    if (fault !== undefined) this.addFault(path(), fault);
    this.put(isText ? new JsonText(this.text.slice(at, at + length)) : value);
  }

  private isKept(): boolean {
    return this.open.at(-1)?.next === this.reading.kept;
  }

  private put(value: unknown): void {
    const holder = this.open.at(-1);
    if (holder === undefined) this.value = value;
    else if (holder.members === undefined) holder.items.push(value);
    else if (holder.next !== undefined) holder.members.set(holder.next, value);
  }

  private addFault(path: PropertyKey[], message: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ pointer: pointer(path), message });
  }
}

function nameFault(name: string, before: ReadonlyMap<string, unknown>): string | undefined {
  if (hasLoneSurrogate(name)) return 'The name holds half of a surrogate pair, which is no character.';
  if (NAMES_OF_JAVASCRIPT.has(name)) return 'This name is reserved; choose another one.';
  return before.has(name) ? 'Given more than once.' : undefined;
}

function literalFault(value: unknown): string | undefined {
  if (typeof value === 'string' && hasLoneSurrogate(value))
    return 'Holds half of a surrogate pair, which is no character.';
  const isTooLarge = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return isTooLarge ? 'Beyond ±2^53, where digits get lost.' : undefined;
}

/** With the `u` flag a proper pair is one character, which is no surrogate. */
const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** Between the tokens of JSON, white space says nothing. */
function withoutSpace(json: string): string {
  if (!/\s/.test(json)) return json;
  const scanner = createScanner(json, true);
  let text = '';
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan())
    text += json.slice(scanner.getTokenOffset(), scanner.getPosition());
  return text;
}
