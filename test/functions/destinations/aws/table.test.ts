import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asAttributes } from '../../../../functions/destinations/aws/attributes.js';
import { KINDS, type KindName } from '../../../../functions/destinations/registry.js';

const page = readFileSync(join(__dirname, '../../../../docs/targets.md'), 'utf8');
const section = (heading: string): string => page.split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
const wordsIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
const rows = section('What counts')
  .split('\n')
  .filter((line) => line.startsWith('| `') && !line.startsWith('| `type'))
  .map((line) => line.split(' | ').map(wordsIn));
const kinds = Object.keys(KINDS).filter((kind) => kind !== 'http') as Exclude<KindName, 'http'>[];

test('the table of docs/targets.md has each kind', () => {
  expect(rows.map((cells) => cells[0]![0])).toEqual(kinds);
});

test.each(kinds)('what is final at %s, and what is not, is as the table says', (kind) => {
  const [, , final, again] = rows.find((cells) => cells[0]![0] === kind)!;
  const isFinal = (code: string) =>
    KINDS[kind].isFinal?.({ status: 'failed', http_status: null, error: { code, message: '' } });
  expect(final!.length).toBeGreaterThan(3);
  expect(again!.length).toBeGreaterThan(3);
  expect(final!.filter((code) => !isFinal(code))).toEqual([]);
  expect(again!.filter(isFinal)).toEqual([]);
});

test('the attributes are those of the page, in this order', () => {
  const named = wordsIn(/^\*Attributes\*.*?\. SQS/ms.exec(section('What is sent'))![0]);
  const asked: string[] = [];
  asAttributes(new Proxy({}, { get: (_, name) => void asked.push(String(name)) }));
  expect(named).toEqual(asked);
});
