import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { type Route, route } from '../../../../functions/api/http/route.js';
import { validate } from '../../../../functions/api/http/validate.js';
import { routes } from '../../../../functions/api/routes/routes.js';
import { type Fault, InvalidRequestError } from '../../../../functions/primitives/faults.js';
import type { ApiSettings } from '../../../../functions/runtime/api-ports.js';
import { hostileValues } from '../../../support/hostile-values.js';
import { QUOTAS } from '../../../support/quotas.js';

const SETTINGS: ApiSettings = {
  version: '1',
  allowHttp: false,
  allowLoopback: false,
  requestLeaseMs: 0,
  sessionMs: 0,
  quotas: QUOTAS,
};

function faultsOf(row: Route, body: unknown, query: Record<string, string> = {}): readonly Fault[] {
  try {
    validate(row, { value: body, faults: [] }, query, SETTINGS);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return error.faults;
  }
}

function asked(body: z.ZodMiniType, value: unknown): Record<string, string> {
  const row = route('POST /', {
    access: 'public',
    needs: 'nothing',
    summary: '',
    body,
    handle: jest.fn(),
  });
  return Object.fromEntries(faultsOf(row, value).map(({ pointer, message }) => [pointer, message]));
}

const bodyOf = ({ body }: Route) => (typeof body === 'function' ? body(SETTINGS) : body);
const withBody = routes.filter(({ body }) => body !== undefined);
const withQuery = routes.filter(({ query }) => query !== undefined);

/** What zod itself would say of this value, wherever a check has no message of its own. */
function defaultMessages(schema: z.ZodMiniType, value: unknown): string[] {
  const { localeError } = en();
  const said = (error: z.core.$ZodErrorMap) => {
    const told: string[] = [];
    const collect = (issue: z.core.$ZodRawIssue) => {
      const message = error(issue);
      told.push(typeof message === 'string' ? message : message!.message);
      return message;
    };
    void schema.safeParse(value, { error: collect }).error?.issues;
    return told;
  };
  return said(localeError);
}

/** A sentence that says what to send. */
const SENTENCE = /^(?=.*\b([Mm]ust|[Gg]ive|[Ss]end|[Ll]eave|[Nn]eeds?|Did you mean)\b)[A-Z].*[.?]$/s;
/** Where other parts of the core say in their own words why they refuse a value. */
const TOLD_BY_OTHERS = /\/(cron|cronExpression|timezone|url|targetUrl|webhookUrl)$/;

function expectSentences(faults: readonly Fault[], defaults: ReadonlySet<string>): void {
  for (const { pointer, message } of faults) {
    expect(message).toMatch(TOLD_BY_OTHERS.test(pointer) ? /^[A-Z].*\.$/s : SENTENCE);
    expect(message).not.toMatch(/Invalid|expected|received|Unrecognized|Too (big|small)/);
    expect(defaults).not.toContain(message);
  }
}

test.each(withBody.map((row) => [`${row.method} ${row.path}`, row] as const))(
  'every fault of a body of %s is a sentence that says what to send',
  (_name, row) => {
    const schema = bodyOf(row)!;
    const values = hostileValues(schema);
    const faults = values.flatMap((value) => faultsOf(row, value));
    expect(faults.length).toBeGreaterThan(0);
    expectSentences(faults, new Set(values.flatMap((value) => defaultMessages(schema, value))));
  },
);

test.each(withQuery.map((row) => [`${row.method} ${row.path}`, row] as const))(
  'every fault of a query of %s is a sentence that says what to send',
  (_name, row) => {
    const texts = (hostileValues(row.query!) as Record<string, unknown>[]).map((query) =>
      Object.fromEntries(Object.entries(query ?? {}).map(([name, value]) => [name, String(value)])),
    );
    const faults = texts.flatMap((query) => faultsOf(row, {}, query));
    expect(faults.length).toBeGreaterThan(0);
    expectSentences(faults, new Set(texts.flatMap((query) => defaultMessages(row.query!, query))));
  },
);

describe('what a fault says', () => {
  const whole = z.int().check(z.gte(100), z.lte(300));
  const text = z.string().check(z.minLength(1), z.maxLength(5));
  const list = z.array(z.string()).check(z.minLength(1));
  const either = z.union([z.string(), z.strictObject({ n: z.number() })]);

  test.each<[string, z.ZodMiniType, unknown, string]>([
    ['a whole number', whole, 'x', 'Must be a whole number from 100 to 300.'],
    ['a whole number', whole, 1e300, 'Must be a whole number from 100 to 300.'],
    ['a whole number', whole, 100.5, 'Must be a whole number from 100 to 300.'],
    ['a whole number', whole, undefined, 'Required. Send a whole number from 100 to 300.'],
    ['a number', z.number().check(z.gt(0)), 0, 'Must be a number above 0.'],
    ['a number', z.number().check(z.lt(1)), 1, 'Must be a number below 1.'],
    ['a number', z.number().check(z.gte(1)), 0, 'Must be a number of at least 1.'],
    ['a number', z.number().check(z.multipleOf(5)), 3, 'Must be a multiple of 5.'],
    ['a string', text, '', 'Must be a string of 1 to 5 characters.'],
    ['a string', text, ['1', '2', '3', '4', '5', '6'], 'Must be a string of 1 to 5 characters.'],
    ['a string', z.string().check(z.minLength(1)), '', 'Must be a string of at least 1 character.'],
    ['an array', list, [], 'Must be an array of at least 1 entry.'],
    ['an array', list, null, 'Must be an array of at least 1 entry.'],
    ['a choice', z.enum(['a', 'b', 'c']), 'd', 'Must be one of "a", "b" or "c".'],
    ['a choice', z.enum(['a', 'b']), null, 'Must be "a" or "b".'],
    ['one value', z.literal(0), 1, 'Must be 0.'],
    ['true or false', z.boolean(), 'true', 'Must be true or false.'],
    ['an object', z.record(z.string(), z.string()), [], 'Must be an object.'],
    ['an object', z.strictObject({}), undefined, 'Required. Send an object.'],
    ['one of two forms', either, 7, 'Must be a string, or an object.'],
    ['one of two forms', either, undefined, 'Required. Send a string, or an object.'],
    [
      'a key',
      z.record(z.string().check(z.maxLength(1)), text),
      { ab: 'x' },
      'Must be a string of at most 1 character.',
    ],
    ['a format', z.iso.datetime(), 'x', 'Must be a time in ISO 8601, such as "2026-03-01T09:00:00Z".'],
    ['a pattern', z.string().check(z.regex(/^a$/)), 'x', 'Must be a string that fits /^a$/.'],
    ['a rule', z.string().check(z.refine(() => false)), 'x', 'Must be a value that this field takes.'],
  ])('about %s', (_what, field, value, message) => {
    expect(Object.values(asked(z.strictObject({ field }), { field: value }))).toContain(message);
  });

  test('about an unknown field, with the name that was meant', () => {
    const known = { run_at: z.optional(z.string()), endpoint_id: z.optional(z.string()), inner: either };
    const sent = { run_att: 1, endpointId: 1, colour: 1, ['run_at'.repeat(100)]: 1, inner: { n: 1, m: 1 } };
    const { [`/${'run_at'.repeat(100)}`]: long, ...told } = asked(z.strictObject(known), sent);
    expect(long).toBe('Unknown field. Leave it out.');
    expect(told).toEqual({
      '/run_att': 'Unknown field. Did you mean "run_at"?',
      '/endpointId': 'Unknown field. Did you mean "endpoint_id"?',
      '/colour': 'Unknown field. Leave it out.',
      '/inner/m': 'Unknown field. Leave it out.',
    });
  });

  test('about an unknown parameter', () => {
    const list = routes.find(({ method, path }) => method === 'GET' && path === '/v1/tasks')!;
    expect(faultsOf(list, {}, { pagesize: '5', limit: '1' })).toEqual([
      { pointer: 'pagesize', message: 'Unknown parameter. Did you mean "page_size"?' },
      { pointer: 'limit', message: 'Unknown parameter. Leave it out.' },
    ]);
  });
});
