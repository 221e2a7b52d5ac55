import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { thirdPartyNotices } from '../../lib/notices.js';

test('THIRD-PARTY-NOTICES.md has the licenses of what is bundled now: npm run notices', async () => {
  const kept = readFileSync(join(__dirname, '../../THIRD-PARTY-NOTICES.md'), 'utf8');
  expect(await thirdPartyNotices()).toBe(kept);
  const some = [
    '@aws-sdk/client-dynamodb',
    'zod',
    'preact',
    'lit-html',
    'vitepress',
    'vue',
    '@scalar/fastify-api-reference',
  ];
  for (const name of some) expect(kept).toContain(`| ${name} `);
}, 240_000);
