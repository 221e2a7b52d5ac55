import { hotReads } from '../../../functions/core/hot-reads.js';

let now = 0;
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

test('after twenty reads within a second the last holds for the rest of it, and no longer', async () => {
  const { asked, get } = read();
  for (let n = 1; n <= 20; n++) expect(await get('key', `${n}`)).toBe(`${n}`);
  now += 999;
  expect(await get('key', 'late')).toBe('20');
  now += 1;
  expect(await get('key', 'new')).toBe('new');
  expect(asked).toHaveLength(21);
});

test('keys are busy each for themselves', async () => {
  const { get } = read();
  for (let n = 0; n < 25; n++) await get('busy', 'old');
  expect(await get('other', 'new')).toBe('new');
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
