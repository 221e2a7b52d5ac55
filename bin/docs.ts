import { bundleDocs } from '../lib/docs-bundle.js';

/** `npm run docs`: builds the site of docs/ into build/docs, and says where; a dead link fails. */
bundleDocs().then(console.log, (error: Error) => {
  console.error(error.message);
  process.exit(1);
});
