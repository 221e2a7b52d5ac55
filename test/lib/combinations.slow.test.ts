import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { context } from '../../cdk.json';
import { defineStages, type Stage } from '../../lib/config.js';
import { PunctualStack } from '../../lib/punctual-stack.js';
import { EVERY_SETTING, standInBundles } from './synthesized.js';

const { encryptionKeyArn, domain, allowedPrivateRanges } = EVERY_SETTING;
const IDS = { subnetIds: ['subnet-0a0a0a0a', 'subnet-0b0b0b0b0b0b0b0b0'], securityGroupIds: ['sg-0c0c0c0c'] };
const EXISTING = {
  tables: {
    config: 'Punctual-prod-Config-2',
    runs: 'Punctual-prod-Runs-2',
    deadLetters: 'Punctual-prod-DeadLetters-2',
    audit: 'Punctual-prod-Audit-2',
  },
  queues: {
    fastLane: { queue: 'Punctual-prod-FastLaneQueue-2', dlq: 'Punctual-prod-FastLaneDlq-2' },
    slowLane: { queue: 'Punctual-prod-SlowLaneQueue-2', dlq: 'Punctual-prod-SlowLaneDlq-2' },
    crowdedLane: { queue: 'Punctual-prod-CrowdedLaneQueue-2', dlq: 'Punctual-prod-CrowdedLaneDlq-2' },
    wakeUps: { queue: 'Punctual-prod-WakeUpsQueue-2', dlq: 'Punctual-prod-WakeUpsDlq-2' },
    replay: { queue: 'Punctual-prod-Replay-2', dlq: 'Punctual-prod-DeadLetters-2' },
  },
  secrets: {
    master: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:SecretsMaster7D93D964-AbCdEf',
    operator: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:SecretsOperator7D93D964-AbCdEf',
  },
};

const STAGES: Readonly<Record<string, Stage>> = {
  'every-setting': { preset: 'prod', ...EVERY_SETTING },
  'every-given': { preset: 'prod', encryptionKeyArn, domain, vpc: IDS, allowedPrivateRanges, existing: EXISTING },
  'thrown-away': { preset: 'dev', ...EVERY_SETTING, removal: RemovalPolicy.DESTROY },
  'key-without-console': { preset: 'prod', encryptionKeyArn, console: false },
  'vpc-with-pollers': { preset: 'dev', vpc: { natGateways: 1 }, fastLanePollers: { minimum: 2, maximum: 4 } },
  'vpc-of-both': { preset: 'prod', vpc: { ...IDS, dualStack: true }, allowedPrivateRanges: ['fd12:3456::/32'] },
  'names-elsewhere': {
    preset: 'prod',
    domain: { apiName: domain.apiName, certificateArn: domain.certificateArn, executeApi: false },
    console: false,
  },
  'console-name': {
    preset: 'dev',
    domain: { consoleName: domain.consoleName, consoleCertificateArn: domain.consoleCertificateArn },
    permissionsBoundary: false,
  },
  'restored-runs': {
    preset: 'prod',
    existing: { tables: { runs: EXISTING.tables.runs } },
    encryptionKeyArn,
    pointInTimeRecovery: false,
  },
  adopted: {
    preset: 'dev',
    existing: EXISTING,
    auditExport: { retentionDays: 1, mode: 'GOVERNANCE' },
    apiReservedConcurrency: 50,
    auditDeliveries: true,
  },
};

const bundles = standInBundles();
const outdir = mkdtempSync(join(tmpdir(), 'punctual-combinations-'));
afterAll(() => {
  for (const folder of [bundles, outdir]) rmSync(folder, { recursive: true });
});

/** As `cdk synth --strict` does, which takes some seconds each: what a rule finds, and is not acknowledged with a reason, is thrown. */
test.each(defineStages(STAGES))('$stage can be deployed, under the rules of cdk-nag', (settings) => {
  const app = new App({ context, treeMetadata: false, outdir: join(outdir, settings.stage) });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new PunctualStack(app, `Punctual-${settings.stage}`, { settings, bundles, consoleFiles: bundles });
  const { template } = app.synth().getStackByName(`Punctual-${settings.stage}`);
  expect(Object.keys(template.Resources).length).toBeLessThan(500); // CloudFormation's limit
});
