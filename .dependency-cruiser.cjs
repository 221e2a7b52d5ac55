/** One direction only; docs/architecture.md says what each folder is for. */
const forbid = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });
const ENTRIES = '^functions/(api|dispatcher|deliverer|reconciler)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }, 'A cycle has no first file to read.'),
    forbid(
      'no-orphans',
      {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          '\\.cjs$',
          '^bin/',
          '^functions/bundle-stubs/', // by lib/bundles.ts, in place of packages
          '\\.config\\.mts$',
          '\\.(html|svg|css)$',
          '/console-rewrite\\.js$',
          '^test/e2e/published/',
        ],
      },
      {},
      'Nothing imports it.',
    ),
    forbid('bin-to-lib', { path: '^bin/' }, { path: '^(functions|local|test)/' }, 'bin only calls lib.'),
    forbid(
      'lib-alone',
      { path: '^lib/' },
      { path: '^(bin|functions|local|test)/' },
      'Synth time knows env names, not run-time code.',
    ),
    forbid(
      'functions-alone',
      { path: '^functions/' },
      { path: '^(bin|lib|local|test)/' },
      'Only functions/ is bundled.',
    ),
    forbid(
      'local-below-test',
      { path: '^local/' },
      { path: '^(bin|test)/' },
      'The local stack runs without the tests.',
    ),
    forbid(
      'console-alone',
      { path: '^console/' },
      { path: '^(bin|lib|functions|local|test)/' },
      'What the browser knows of the API is its document.',
    ),
    forbid('console-apart', { path: '^(bin|lib|functions|local)/' }, { path: '^console/' }, 'It runs in the browser.'),
    forbid(
      'no-entry-imports-another',
      { path: '^functions/(api|dispatcher|deliverer|reconciler)/' },
      { path: ENTRIES, pathNot: '^functions/$1/' },
      'What two entries need belongs in core or runtime.',
    ),
    forbid(
      'entries-to-runtime-and-core',
      { path: ENTRIES },
      { path: '^functions/adapters/' },
      'Adapters are wired in runtime.',
    ),
    forbid(
      'runtime-below-entries',
      { path: '^functions/(runtime|adapters|core)/' },
      { path: ENTRIES },
      'Entries are on top.',
    ),
    forbid(
      'adapters-to-core',
      { path: '^functions/adapters/' },
      { path: '^functions/runtime/' },
      'Adapters get what they need as arguments.',
    ),
    forbid('core-alone', { path: '^functions/core/' }, { path: '^functions/(adapters|runtime)/' }, 'Core is pure.'),
    forbid(
      'core-is-pure',
      { path: '^functions/core/' },
      {
        path: '(^|/)node_modules/(?!(zod|temporal-polyfill|cron-parser|cronstrue)/)',
        dependencyTypesNot: ['type-only'],
      },
      'Core knows zod and, for schedules, the fields and words of cron and the clock changes of time zones: all of them pure.',
    ),
    forbid(
      'core-has-no-world',
      { path: '^functions/core/' },
      { path: '^(node:)?(http|https|fs|dns|timers|process|child_process|worker_threads)(/|$)' },
      'No network, files, clock or environment in core.',
    ),
    forbid(
      'sdk-in-adapters',
      { path: '^functions/(core|api|dispatcher|deliverer|reconciler)/' },
      { path: 'node_modules/@aws-sdk/' },
      'The SDK is used in adapters, and wired in runtime.',
    ),
    forbid(
      'no-dev-dependencies',
      { path: '^functions/' },
      { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
      'What is bundled is a dependency.',
    ),
    forbid('no-unlisted', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }, 'package.json names every package.'),
    forbid(
      'no-vague-names',
      {},
      {
        path: '(^|/)(utils?|common|shared|helpers|misc|types|constants|models|index)(\\.ts|/)',
        pathNot: 'node_modules',
      },
      'A name says what is inside.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['node', 'import', 'require', 'default'], exportsFields: ['exports'] },
  },
};
