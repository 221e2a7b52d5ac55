require('./bin/supported-node.cjs');

// The tests run on every Node that is supported, and the SDK's advice for next year is not about them.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  globalSetup: '<rootDir>/test/support/temporary-folder.cjs',
  globalTeardown: '<rootDir>/test/support/no-temporary-folder.cjs',
  testEnvironment: '<rootDir>/test/support/node-environment.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // They break rules on purpose and wait for what then never comes: `npm run mutants`.
  // So is the console in a browser, which takes its time: `npm run console:test`.
  // These ask another server, which test/conformance/main.ts starts.
  // Half a minute each: `npm run test:slow`.
  testPathIgnorePatterns: [
    '/test/crash-points/mutants',
    '/test/console/in-browser',
    '/test/conformance/differential',
    '\\.slow\\.test\\.ts$',
  ],
  // Checkouts of other releases: `npm run releases`. The made packages.
  modulePathIgnorePatterns: [
    '<rootDir>/build/releases/',
    '<rootDir>/build/package/',
    '<rootDir>/build/client-package/',
    '<rootDir>/build/clients/',
  ],
  transform: {
    '\\.(md|css)$': '<rootDir>/test/support/text-transform.cjs',
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // These ship ES modules only; everything else in node_modules is loaded as it is.
  transformIgnorePatterns: ['/node_modules/(?!(@middy|jose|temporal-polyfill|temporal-utils)/)'],
  // CommonJS output of ./x.js imports resolves to the TypeScript source beside it.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // On two cores jest would take one; most of the time the tests wait.
  maxWorkers: 4,
  testSequencer: '<rootDir>/test/support/slow-first.cjs',
  testTimeout: 30_000,
};
