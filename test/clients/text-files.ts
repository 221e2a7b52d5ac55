import { readFileSync } from 'node:fs';

/** Texts that a route serves, as the bundles and jest's transform read them. */
for (const extension of ['.md', '.css'])
  require.extensions[extension] = (module, file) => {
    module.exports = readFileSync(file, 'utf8');
  };
