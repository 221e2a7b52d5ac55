import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thirdPartyNotices } from '../lib/notices.js';

/** `npm run notices`: makes THIRD-PARTY-NOTICES.md anew. */
async function main(): Promise<void> {
  writeFileSync(join(__dirname, '..', 'THIRD-PARTY-NOTICES.md'), await thirdPartyNotices());
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
