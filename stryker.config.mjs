export default {
  mutate: [
    'functions/{primitives,formats,fields,cron,subjects,protocol}/**/*.ts',
    'functions/{api,deliverer,dispatcher,reconciler}/handler.ts',
    // What a body may hold is told by the API's own tests, over a server.
    '!functions/**/*-{schema,answers}.ts',
  ],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { configFile: 'test/mutation/jest.config.cjs' },
  coverageAnalysis: 'perTest',
  // A constant's mutant belongs to no test, and would be put to all of them.
  ignoreStatic: true,
  // Many a mutant never ends; jest cannot tell, since a promise that is there already starves its timers.
  timeoutMS: 5_000,
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
