import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { thirdPartyNotices } from '../../lib/notices.js';

test('THIRD-PARTY-NOTICES.md has the licenses of what is bundled now: npm run notices', async () => {
  const kept = readFileSync(join(__dirname, '../../THIRD-PARTY-NOTICES.md'), 'utf8');
  expect(await thirdPartyNotices()).toBe(kept);
  for (const name of ['@aws-sdk/client-dynamodb', 'zod', 'preact', 'lit-html']) expect(kept).toContain(`| ${name} `);
}, 120_000);
