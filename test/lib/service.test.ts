import { rmSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { settingsFor } from '../../lib/config.js';
import { Service } from '../../lib/service.js';
import { deployed, type Resource, readable, standInBundles } from './synthesized.js';

const bundles = standInBundles();
afterAll(() => rmSync(bundles, { recursive: true }));

test('what keeps data or an address keeps its logical id: with another id, CloudFormation would make it anew', () => {
  for (const { resources } of deployed) expect(Object.keys(resources)).toEqual(expect.arrayContaining(KEPT));
});

test('a stack of another app has the same resources, below the id of its construct', () => {
  const stack = new Stack(new App({ context, treeMetadata: false }), 'Shop');
  new Service(stack, 'Punctual', { settings: settingsFor('prod'), bundles, consoleFiles: bundles });
  expect(namesOf(Template.fromStack(stack).toJSON()['Resources'])).toEqual(namesOf(deployed[1]!.resources));
});

test('two stages share a stack, and nothing that AWS keeps once', () => {
  const stack = new Stack(new App({ context, treeMetadata: false }), 'Shop');
  for (const stage of ['dev', 'prod'] as const)
    new Service(stack, stage, { settings: { ...settingsFor(stage), console: false }, bundles });
  const resources: Resource[] = Object.values(Template.fromStack(stack).toJSON()['Resources']);
  const named = resources.flatMap(({ Type, Properties }) =>
    Object.entries(Properties ?? {})
      .filter(([key, value]) => NAMING.test(key) && typeof value === 'string')
      .map(([, value]) => `${Type} ${value}`),
  );
  expect(named.length).toBeGreaterThan(40);
  expect(new Set(named).size).toBe(named.length);
});

const KEPT = [
  'FastLaneDlqFD92C46F',
  'FastLaneQueue7AF4CF43',
  'SlowLaneDlq219106EA',
  'SlowLaneQueueCC942297',
  'CrowdedLaneDlq8532AB10',
  'CrowdedLaneQueueA086F0B5',
  'WakeUpsDlq27900330',
  'WakeUpsQueue2CC32346',
  'WakeUpsGroup390E9CF2',
  'DeadLettersBBF8BAAB',
  'Replay994FFC69',
  'StorageConfigC044A3DD',
  'StorageRunsEDEB48FF',
  'StorageDeadLetters7E9D471E',
  'StorageAudit9012A908',
  'SecretsMaster4344BB21',
  'SecretsOperator7D93D964',
  'FrontHttpApi62514E16',
  'MonitoringUrgentA037F8F4',
  'MonitoringNotices6CF00610',
  'ConsoleDistribution022D3262',
];

const NAMING = /^(AlarmName|DashboardName|Name)$/;

/** Some ids name another resource by its path. */
const PATHS = /(ShopPunctual|Punctualprod).*/;

function namesOf(resources: Record<string, Resource>): string[] {
  return Object.entries(resources)
    .map(
      ([id, { Type }]) =>
        `${Type} ${readable(id)
          .replace(/^Punctual/, '')
          .replace(PATHS, '')}`,
    )
    .sort();
}
