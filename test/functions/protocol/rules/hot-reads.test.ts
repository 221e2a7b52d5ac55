import { hotConfig, hotReads, rememberConfig } from '../../../../functions/protocol/rules/config-reads.js';
import type { ConfigReader } from '../../../../functions/subjects/endpoints/config-reader.js';

let now = 0;
/** Answers each object by all that names it. */
const named: ConfigReader = {
  project: async (id) => `${id}` as never,
  endpoint: async (project, id) => `endpoint ${id} of ${project}` as never,
  retryPolicy: async (project, id) => `policy ${id} of ${project}` as never,
};
const read = () => {
  const asked: string[] = [];
  const reads = hotReads(() => now);
  const get = (key: string, value: string | undefined) =>
    reads(key, async () => {
      asked.push(key);
      return value;
    });
  return { asked, get };
};
beforeEach(() => {
  now = 1_000;
});

test('what is read now and then is read every time', async () => {
  const { get } = read();
  for (const value of ['a', 'b', 'c', 'd', 'e']) {
    expect(await get('key', value)).toBe(value);
    now += 400;
  }
});

test('after ten reads within a second the last holds for the rest of it, and no longer', async () => {
  const { asked, get } = read();
  for (let n = 1; n <= 10; n++) expect(await get('key', `${n}`)).toBe(`${n}`);
  now += 999;
  expect(await get('key', 'late')).toBe('10');
  now += 1;
  expect(await get('key', 'new')).toBe('new');
  expect(asked).toHaveLength(11);
});

test('while it stays busy one read a second is enough; it ends with the first second that is not', async () => {
  const { asked, get } = read();
  for (let second = 0; second < 5; second++) {
    for (let n = 0; n < 15; n++) await get('key', `${second}`);
    now += 1_000;
  }
  expect(asked).toHaveLength(10 + 4);
  expect(await get('key', 'fifth')).toBe('fifth');
  now += 1_000;
  expect(await get('key', 'sixth')).toBe('sixth');
  expect(await get('key', 'again')).toBe('again');
});

test('a second without any read ends it, too', async () => {
  const { get } = read();
  for (let n = 0; n < 15; n++) await get('key', 'old');
  now += 2_000;
  for (const value of ['a', 'b']) expect(await get('key', value)).toBe(value);
});

test('keys are busy each for themselves', async () => {
  const { get } = read();
  for (let n = 0; n < 25; n++) await get('busy', 'old');
  expect(await get('other', 'new')).toBe('new');
});

test.each([
  ['busy objects', () => hotConfig(named, () => now)],
  ['one request', () => rememberConfig(named)],
])('the cache for %s confuses no object with another', async (_name, make) => {
  const config = make();
  for (let n = 0; n < 12; n++) {
    for (const id of ['a', 'b']) {
      expect(await config.project(id)).toBe(id);
      expect(await config.endpoint('p', `ep_${id}`)).toBe(`endpoint ep_${id} of p`);
      expect(await config.endpoint(id, 'ep')).toBe(`endpoint ep of ${id}`);
      expect(await config.retryPolicy('p', `rp_${id}`)).toBe(`policy rp_${id} of p`);
      expect(await config.retryPolicy(id, 'rp')).toBe(`policy rp of ${id}`);
    }
  }
});

test('what is not there, or could not be read, is looked for again', async () => {
  const { asked, get } = read();
  for (let n = 0; n < 25; n++) expect(await get('key', undefined)).toBeUndefined();
  expect(await get('key', 'created')).toBe('created');
  expect(asked).toHaveLength(26);
  const reads = hotReads(() => now);
  for (let n = 0; n < 25; n++)
    await expect(reads('key', () => Promise.reject(new Error('throttled')))).rejects.toThrow();
  expect(await reads('key', async () => 'there')).toBe('there');
});
