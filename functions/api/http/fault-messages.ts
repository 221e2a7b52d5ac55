import leven from 'leven';
import * as z from 'zod/mini';

type Issue = z.core.$ZodRawIssue;
type Schema = z.core.$ZodType | undefined;

/** Most unknown fields of one object that a message names. */
const MAX_TOLD = 100;

/**
 * The message of every check without its own message: a sentence that says what to send. The message about unknown
 * fields has a line for each field.
 */
export function setFaultMessages(): void {
  z.config({ localeError: messageOf });
}

function messageOf(issue: Issue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, MAX_TOLD)
        .map((key) => unknownField(key, namesOf(issue.inst as Schema)))
        .join('\n');
    case 'invalid_union':
      return oneOf(issue.errors.flat().filter(({ path }) => path.length === 0));
    case 'invalid_key':
    case 'invalid_element':
      return oneOf(issue.issues);
    case 'custom':
      return 'Must be a value that this field takes.';
    default:
      return issue.input === undefined ? `Required. Send ${wanted(issue)}.` : `Must be ${wanted(issue)}.`;
  }
}

/** One sentence of what each accepted form asks for. */
function oneOf(issues: readonly z.core.$ZodIssue[]): string {
  const messages = [...new Set(issues.map(({ message }) => message))];
  const parts = messages.map((message) => /^(Must be|Required\. Send) (.*)\.$/s.exec(message));
  const [first] = parts;
  if (!first || parts.includes(null)) return messages.join(' ') || 'Must be a value that this field takes.';
  return `${first[1]} ${parts.map((part) => part![2]).join(', or ')}.`;
}

type Asking = Exclude<
  Issue,
  { code: 'unrecognized_keys' | 'invalid_union' | 'invalid_key' | 'invalid_element' | 'custom' }
>;

function wanted(issue: Asking): string {
  switch (issue.code) {
    case 'invalid_value':
      return choice(issue.values.map((value) => (typeof value === 'bigint' ? String(value) : JSON.stringify(value))));
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? `a string that fits ${issue.pattern ?? issue.format}`;
    case 'invalid_type':
      return kind(issue.expected, boundsOf(issue));
    case 'too_big':
    case 'too_small':
      // zod also reports the length of a value of another type, so the schema's type decides.
      return kind(schemaOf(issue)?._zod.def.type ?? issue.origin, boundsOf(issue));
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'a time in ISO 8601, such as "2026-03-01T09:00:00Z"',
  uuid: 'a UUID',
  url: 'a URL',
};

function choice(values: readonly string[]): string {
  const [last, ...others] = [...values].reverse();
  if (others.length === 0) return String(last);
  return `${others.length > 1 ? 'one of ' : ''}${others.reverse().join(', ')} or ${last}`;
}

interface Bounds {
  readonly isWhole?: boolean;
  readonly least?: number;
  readonly most?: number;
  /** The bounds themselves are not allowed. */
  readonly isOpen?: boolean;
}

/** All bounds of the value, not only the broken bound. */
function boundsOf(issue: Asking): Bounds {
  const { checks = [], format } = (schemaOf(issue)?._zod.def ?? {}) as { checks?: z.core.$ZodCheck[]; format?: string };
  const own =
    issue.code === 'too_big' ? { most: issue.maximum } : issue.code === 'too_small' ? { least: issue.minimum } : {};
  const isWhole = format === 'safeint' || (issue.code === 'invalid_type' && issue.expected === 'int');
  return Object.assign({ isWhole }, own as Bounds, ...checks.map(({ _zod: { def } }) => boundIn(def)));
}

/** The schema that raised the issue by itself or by one of its checks. */
function schemaOf(issue: Issue): Schema {
  const { inst, schema = inst } = issue as { inst?: unknown; schema?: unknown };
  return schema as Schema;
}

/** Fields of the checks that set a bound; each kind of check has some of them. */
interface CheckDef {
  readonly check: string;
  readonly value: number;
  readonly inclusive: boolean;
  readonly minimum: number;
  readonly maximum: number;
}

function boundIn(def: z.core.$ZodCheckDef): Bounds {
  const { check, value, inclusive, minimum, maximum } = def as unknown as CheckDef;
  if (check === 'greater_than') return { least: value, ...(!inclusive && { isOpen: true }) };
  if (check === 'less_than') return { most: value, ...(!inclusive && { isOpen: true }) };
  if (check === 'min_length') return { least: minimum };
  return check === 'max_length' ? { most: maximum } : {};
}

function kind(type: string, bounds: Bounds): string {
  switch (type) {
    case 'string':
      return `a string${sized(bounds, 'character')}`;
    case 'array':
      return `an array${sized(bounds, 'entry', 'entries')}`;
    case 'int':
    case 'number':
      return `a ${bounds.isWhole ? 'whole ' : ''}number${between(bounds)}`;
    case 'boolean':
      return 'true or false';
    case 'object':
    case 'record':
      return 'an object';
    default:
      return type;
  }
}

function between({ least, most, isOpen = false }: Bounds): string {
  if (isOpen) return `${least === undefined ? '' : ` above ${least}`}${most === undefined ? '' : ` below ${most}`}`;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  return least !== undefined ? ` of at least ${least}` : most !== undefined ? ` of at most ${most}` : '';
}

function sized({ least, most }: Bounds, one: string, many = `${one}s`): string {
  const count = (size: number) => `${size} ${size === 1 ? one : many}`;
  if (least !== undefined && most !== undefined) return ` of ${least} to ${count(most)}`;
  return least !== undefined ? ` of at least ${count(least)}` : most !== undefined ? ` of at most ${count(most)}` : '';
}

/** A longer unknown name is not compared with known names. */
const MAX_NAME_LENGTH = 64;

function unknownField(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? 'Unknown field. Leave it out.' : `Unknown field. Did you mean "${meant}"?`;
}

/** The nearest known name, without case and separators: at most three letters, and a third of all letters, differ. */
function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return undefined;
  const distances = known.map((candidate) => ({ candidate, far: leven(folded(name), folded(candidate)) }));
  const [best] = distances.sort((a, b) => a.far - b.far);
  return best && best.far <= Math.min(3, name.length / 3) ? best.candidate : undefined;
}

const folded = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');

function namesOf(schema: Schema): readonly string[] {
  const { shape = {} } = (schema?._zod.def ?? {}) as { shape?: object };
  return Object.keys(shape);
}
