import { makeClientPackage } from '../lib/client-package.js';

/** `npm run client:package`: makes `build/client-package`, the npm package punctual-client. */
console.log(makeClientPackage());
