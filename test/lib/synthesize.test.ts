import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { context } from '../../cdk.json';
import { settingsFor } from '../../lib/config.js';
import { synthesize } from '../../lib/synthesize.js';
import { readable, standInBundles } from './synthesized.js';

const bundles = standInBundles();
afterAll(() => rmSync(bundles, { recursive: true }));

test('tells where the code of each function lies', () => {
  const { template, assets } = synthesize(settingsFor('local'), { bundles });
  const functions = Object.keys(template.Resources).filter(
    (id) => template.Resources[id].Type === 'AWS::Lambda::Function',
  );
  expect(Object.keys(assets).sort()).toEqual(functions.sort());
  expect(Object.fromEntries(Object.entries(assets).map(([id, folder]) => [readable(id), folder]))).toEqual({
    Api: join(bundles, 'api'),
    Dispatcher: join(bundles, 'dispatcher'),
    IntakeFunction: join(bundles, 'intake'),
    Reconciler: join(bundles, 'reconciler'),
    FastLaneDeliverer: join(bundles, 'deliverer'),
    SlowLaneDeliverer: join(bundles, 'deliverer'),
    CrowdedLaneDeliverer: join(bundles, 'deliverer'),
  });
  for (const folder of Object.values(assets))
    expect(isAbsolute(folder) && existsSync(join(folder, 'handler.js'))).toBe(true);
});

test('gives the same template again', () => {
  const first = synthesize(settingsFor('dev'), { bundles, consoleFiles: bundles });
  expect(synthesize(settingsFor('dev'), { bundles, consoleFiles: bundles }).template).toEqual(first.template);
});

test('obeys the feature flags of cdk.json, as the CLI does', () => {
  expect(context['@aws-cdk/aws-iam:minimizePolicies']).toBe(true);
  const { template } = synthesize(settingsFor('dev'), { bundles, consoleFiles: bundles });
  const policy = Object.keys(template.Resources).find((id) => readable(id) === 'ApiRoleDefaultPolicy')!;
  const statements: unknown[] = template.Resources[policy].Properties.PolicyDocument.Statement;
  // Merged: without the flag there is one statement for each grant.
  expect(statements.length).toBeLessThan(10);
});

test('compresses time where it is asked to', () => {
  const { template } = synthesize(settingsFor('local', { visibilityTimeouts: 0.05, maxReceives: 2 }), { bundles });
  const lane = Object.keys(template.Resources).find((id) => readable(id) === 'FastLaneQueue')!;
  expect(template.Resources[lane].Properties).toMatchObject({
    VisibilityTimeout: 3,
    RedrivePolicy: { maxReceiveCount: 2 },
  });
});

test('leaves the cloud assembly where it is asked to', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'punctual-assembly-'));
  try {
    synthesize(settingsFor('dev'), { bundles, consoleFiles: bundles, outdir });
    expect(readdirSync(outdir)).toEqual(expect.arrayContaining(['Punctual-dev.template.json', 'manifest.json']));
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
