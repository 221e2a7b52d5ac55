import { createScanner, type JSONVisitor, visit } from 'jsonc-parser';
import { type Fault, invalid } from '../../primitives/faults.js';
import { JsonText } from '../../primitives/json-text.js';

/** The JSON pointer (RFC 6901) to the value under these keys. A lone surrogate in a key is shown as U+FFFD. */
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

/** Most faults that an answer names: more faults help no reader and could make the answer larger than the request. */
const MAX_FAULTS = 100;
/** Member names with a meaning of their own in JavaScript: our libraries lose or refuse them. */
const NAMES_OF_JAVASCRIPT: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

export interface ReadJson {
  readonly value: unknown;
  /** Faults that are not allowed anywhere in the JSON. */
  readonly faults: readonly Fault[];
}

export interface Reading {
  /** The member names whose values are kept as text. */
  readonly kept: readonly string[];
  /** Most levels of nested objects and arrays. */
  readonly maxDepth: number;
  /** Most members of one object, or elements of one array. */
  readonly maxMembers: number;
}

/**
 * Reads JSON into values. A value under a name of `kept` becomes a `JsonText`, whose numbers and names stay as they were
 * written; a string or null under such a name becomes a value.
 * @throws InvalidRequestError for text that is no JSON, is nested deeper than `maxDepth`, or has more than `maxMembers`
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
      // The parser's own message is not used, since it may quote the body.
      throw invalid('', `Send JSON: the body is not JSON from position ${at} on.`);
    },
  };
  visit(text, visitor, { disallowComments: true });
  const { value, faults } = reader;
  return { value, faults };
}

type Path = () => PropertyKey[];

/** An object or array whose end is not read yet. */
interface Open {
  readonly members: Map<string, unknown> | undefined;
  readonly items: unknown[];
  /** Names that were read, also those of members that are left out. */
  names: number;
  /** Name of the member whose value comes next; undefined for a member that is left out. */
  next?: string | undefined;
}

class Reader {
  value: unknown;
  readonly faults: Fault[] = [];
  private readonly open: Open[] = [];
  private depth = 0;
  /** Offset and depth of the text that is being kept. */
  private keeping: { readonly from: number; readonly depth: number } | undefined;

  constructor(
    private readonly text: string,
    private readonly reading: Reading,
  ) {}

  begin(kind: 'object' | 'array', at: number, path: Path): void {
    const { maxDepth } = this.reading;
    this.depth += 1;
    if (this.depth > maxDepth) throw invalid(pointer(path()), `Nested deeper than ${maxDepth} levels.`);
    if (this.keeping) return;
    if (this.isKept()) this.keeping = { from: at, depth: this.depth };
    else this.open.push({ members: kind === 'object' ? new Map() : undefined, items: [], names: 0 });
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
    this.assertFew(++holder.names);
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
    const next = this.open.at(-1)?.next;
    return next !== undefined && this.reading.kept.includes(next);
  }

  private put(value: unknown): void {
    const holder = this.open.at(-1);
    if (holder === undefined) this.value = value;
    else if (holder.members === undefined) this.assertFew(holder.items.push(value));
    else if (holder.next !== undefined) holder.members.set(holder.next, value);
  }

  private assertFew(members: number): void {
    const { maxMembers } = this.reading;
    if (members > maxMembers) throw invalid('', `No object or array may have more than ${maxMembers} members.`);
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

/** With the `u` flag a complete surrogate pair is one character and does not match. */
const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text);

/** The same JSON without white space between its tokens. */
function withoutSpace(json: string): string {
  if (!/\s/.test(json)) return json;
  const scanner = createScanner(json, true);
  let text = '';
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan())
    text += json.slice(scanner.getTokenOffset(), scanner.getPosition());
  return text;
}
