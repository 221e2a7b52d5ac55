import * as z from 'zod/mini';
import { validate } from '../../../functions/api/http/validate.js';
import {
  patchedDestination,
  targetPatchSchema,
  targetSchema,
} from '../../../functions/destinations/destination-schema.js';
import { callTimeout } from '../../../functions/destinations/kind.js';
import { type Destination, KIND_FIELDS } from '../../../functions/destinations/registry.js';
import type { InvalidRequestError } from '../../../functions/primitives/faults.js';
import type { ApiSettings } from '../../../functions/runtime/api-ports.js';

const RULES = { allowHttp: false, allowLoopback: false } as ApiSettings;
const mailbox = {
  schemas: () => ({ address: z.string(), folder: z.string(), timeout_ms: callTimeout() }),
  defaults: { address: undefined, folder: 'in', timeout_ms: 5_000 },
};
const kinds = { ...KIND_FIELDS, mailbox };
const HTTP: Destination = { url: 'https://example.com/', method: 'PUT', headers: { a: 'b' }, timeout_ms: 300 };
const MAIL = { type: 'mailbox', address: 'a@b', folder: 'out', timeout_ms: 700 } as unknown as Destination;

function faultsOf(act: () => unknown): readonly unknown[] {
  try {
    return [act()];
  } catch (error) {
    return (error as InvalidRequestError).faults.map(({ pointer, message }) => `${pointer} ${message}`);
  }
}

describe('a new target', () => {
  const target = targetSchema(RULES, kinds);

  test('without a type is HTTP, and has its defaults', () => {
    const expected = { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 10_000 };
    expect(target.parse({ url: 'https://example.com/' })).toEqual(expected);
  });

  test('with a type is of that kind, and has its defaults', () => {
    const expected = { type: 'mailbox', address: 'a@b', folder: 'in', timeout_ms: 5_000 };
    expect(target.parse({ type: 'mailbox', address: 'a@b' })).toEqual(expected);
  });

  const route = { body: z.strictObject({ target }) } as unknown as Parameters<typeof validate>[0];
  const refused = (value: object) =>
    faultsOf(() => validate(route, { value: { target: value }, faults: [] }, {}, RULES));

  test.each<[string, object, readonly string[]]>([
    ['HTTP', { url: 'ftp://a/', timeout_ms: 1 }, ['/target/url', '/target/timeout_ms']],
    ['HTTP', { url: 'https://example.com/', folder: 'in' }, ['/target/folder']],
    ['the other kind', { type: 'mailbox', method: 'PUT' }, ['/target/method', '/target/address']],
    ['the other kind', { type: 'mailbox', address: 'a', nothing: 1 }, ['/target/nothing']],
  ])('is told the faults of %s alone: %j', (_kind, value, pointers) => {
    const found = refused(value).map((fault) => String(fault).split(' ')[0]);
    expect(found.sort()).toEqual([...pointers].sort());
  });

  test('whose type is unknown is refused in one sentence', () => {
    expect(refused({ type: 'mailboxes', address: 'a' })).toEqual(['/target Must be a target of a known type.']);
  });
});

describe('a merge patch of a target', () => {
  const patched = (had: Destination | undefined, patch: object) =>
    patchedDestination(had, targetPatchSchema(RULES, kinds).parse(patch), '/target', kinds);

  test('changes the fields that it names', () => {
    expect(patched(HTTP, { method: 'GET' })).toEqual({ ...HTTP, method: 'GET' });
    expect(patched(MAIL, { address: 'c@d', timeout_ms: 900 })).toEqual({ ...MAIL, address: 'c@d', timeout_ms: 900 });
  });

  test('gives a field its default back', () => {
    expect(patched(HTTP, { method: null, headers: null })).toEqual({ ...HTTP, method: 'POST', headers: {} });
    expect(patched(MAIL, { folder: null, timeout_ms: null })).toEqual({ ...MAIL, folder: 'in', timeout_ms: 5_000 });
  });

  test('that names another kind makes a new target', () => {
    const mail = { type: 'mailbox', address: 'a@b', folder: 'in', timeout_ms: 5_000 };
    expect(patched(HTTP, { type: 'mailbox', address: 'a@b' })).toEqual(mail);
    const http = { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 10_000 };
    expect(patched(MAIL, { type: null, url: 'https://example.com/' })).toEqual(http);
  });

  test('names what is missing, and what is of another kind', () => {
    const missing = '/target/address Required. Send a string.';
    const foreign = '/target/url Unknown to this kind of target.';
    expect(faultsOf(() => patched(MAIL, { url: 'https://example.com/' }))).toEqual([foreign]);
    expect(faultsOf(() => patched(HTTP, { type: 'mailbox' }))).toEqual([missing]);
    expect(faultsOf(() => patched(undefined, {}))).toEqual(['/target/url Required. Send a string.']);
  });
});
