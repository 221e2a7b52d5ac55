export default {
  mutate: [
    'functions/{primitives,formats,fields,cron,subjects,protocol,deliverer}/**/*.ts',
    // What a body may hold is told by the API's own tests, and what a handler is wired with by the stories: over a server.
    '!functions/**/*-{schema,answers}.ts',
    '!functions/deliverer/handler.ts',
  ],
  testRunner: 'in-one-process',
  plugins: ['./test/mutation/runner.mjs'],
  coverageAnalysis: 'perTest',
  // A constant's mutant belongs to no test, and would be put to all of them.
  ignoreStatic: true,
  // The runner itself ends what has no end, and sooner.
  timeoutMS: 60_000,
  concurrency: 1,
  // Without tsconfig.json: to rewrite it for the sandbox takes an API that TypeScript 7 does not have.
  ignorePatterns: ['tsconfig.json', 'build', 'cdk.out', '.punctual', 'coverage', '*.log'],
  tempDirName: 'build/mutation/sandbox',
  // What was tested once is not tested again until it, or a test of it, has changed.
  incremental: true,
  incrementalFile: 'build/mutation/incremental.json',
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: 'build/mutation/report.json' },
};
