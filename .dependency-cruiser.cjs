/** One direction only; docs/architecture.md says what each folder is for. */
const forbid = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });
const ENTRIES = '^functions/(api|dispatcher|deliverer|reconciler)/';
/** From the lowest up. */
const LAYERS = [
  'primitives',
  'formats|cron',
  'fields',
  'destinations',
  'subjects',
  'protocol',
  'storage|queues',
  'runtime',
  'api|dispatcher|deliverer|reconciler',
  'intake', // its messages are requests of the API
];
/** What is decided without the world. */
const RULES = '^functions/(cron|formats|fields|subjects|protocol)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }, 'A cycle has no first file to read.'),
    {
      ...forbid('no-folder-cycles', { path: '^functions' }, { circular: true }, 'Nor has it a first folder.'),
      scope: 'folder',
    },
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
    forbid(
      'clients-alone',
      { path: '^clients/' },
      { path: '^(bin|lib|functions|local|console|test)/', pathNot: '^console/api/schema[.]d[.]ts$' },
      'What a client knows of the API is its document, by the types that were made from it.',
    ),
    forbid(
      'clients-without-packages',
      { path: '^clients/' },
      { path: 'node_modules' },
      'A client brings nothing else.',
    ),
    forbid(
      'console-apart',
      { path: '^(bin|lib|functions|local)/' },
      { path: '^(console|clients)/' },
      'It runs in the browser.',
    ),
    forbid(
      'no-entry-imports-another',
      { path: ENTRIES },
      { path: ENTRIES, pathNot: '^functions/$1/' },
      'What two entries need belongs in protocol or runtime.',
    ),
    forbid(
      'entries-to-runtime',
      { path: [ENTRIES, '^functions/intake/'] },
      { path: '^functions/(storage|queues)/' },
      'Storage and queues are wired in runtime.',
    ),
    ...LAYERS.map((layer, n) =>
      forbid(
        `layer-${n + 1}`,
        { path: `^functions/(${layer})/` },
        { path: `^functions/(${LAYERS.slice(n + 1).join('|')})/` },
        'A folder imports from its own layer and from those below.',
      ),
    ).slice(0, -1),
    forbid(
      'rules-are-pure',
      { path: RULES },
      {
        path: '(^|/)node_modules/(?!(zod|temporal-polyfill|cron-parser|cronstrue)/)',
        dependencyTypesNot: ['type-only'],
      },
      'The rules know zod and, for schedules, the fields and words of cron and the clock changes of time zones: all of them pure.',
    ),
    forbid(
      'rules-have-no-world',
      { path: RULES },
      { path: '^(node:)?(http|https|fs|dns|timers|process|child_process|worker_threads)(/|$)' },
      'No network, files, clock or environment in the rules.',
    ),
    forbid(
      'sdk-in-storage-and-queues',
      { path: '^functions/', pathNot: '^functions/((storage|queues|runtime)/|destinations/[^/]+/caller[.]ts$)' },
      { path: 'node_modules/@aws-sdk/' },
      'The SDK is used in storage, in queues and by the callers of targets, and wired in runtime.',
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
