import { makePackage } from '../lib/npm-package.js';

/** `npm run package`: makes `build/package`, the npm package, which `npm pack` and `npm publish` take by its folder. */
makePackage().then(console.log, (error: Error) => {
  console.error(error.message);
  process.exit(1);
});
