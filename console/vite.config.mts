import { defineConfig } from 'vite';

/** Built by lib/console-bundle.ts; every file but index.html carries a hash of its content in its name. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // No file becomes a data: address and no script goes into index.html: the policy refuses both.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    // For THIRD-PARTY-NOTICES.md: lib/notices.ts reads it.
    license: { fileName: 'licenses.json' },
  },
});
