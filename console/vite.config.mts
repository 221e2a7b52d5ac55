import { defineConfig } from 'vite';

/** Built by lib/console-bundle.ts; every file but index.html carries a hash of its content in its name. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // No file as a data: address, which the policy refuses, and no script inside of index.html.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
  },
});
