import { shellBlocks } from '../support/shell-blocks.js';
import { PAGES, PRINTED, pastePages, read } from './as-pasted.js';

describe('As pasted into bash', () => pastePages('bash', PAGES));

// The first pages of a reader. zsh differs from bash in few lines: `npm run test:slow` pastes the other pages into it.
describe('As pasted into zsh', () => pastePages('zsh', ['README.md', 'docs/start/first-delivery.md']));

test('what each page prints is known', () => {
  expect(Object.keys(PRINTED).sort()).toEqual([...PAGES].sort());
});

test('no line for a shell holds a comment: an interactive zsh runs it', () => {
  const lines = PAGES.flatMap((page) => shellBlocks(read(page)).flatMap((block) => block.split('\n')));
  expect(lines.length).toBeGreaterThan(50);
  expect(lines.filter((line) => /(^|\s)#/.test(line))).toEqual([]);
});
