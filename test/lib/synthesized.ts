import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StageSettings, settingsFor } from '../../lib/config.js';
import type { synthesize as Synthesize, Synthesized } from '../../lib/synthesize.js';
import { keptOnce, writeWhole } from '../support/built-once.js';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own JSON; the tests say what they expect in it.
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface StageTemplate {
  readonly stage: string;
  readonly resources: Record<string, Resource>;
  readonly outputs: Record<string, { Value: unknown }>;
}

/** All that a template is made from, but for the functions' code. */
const SOURCES = ['lib', 'cdk.json', 'package.json', 'package-lock.json'];

/** The stages that are deployed: what their templates say is what runs. */
export const deployed: readonly StageTemplate[] = [templateOf(settingsFor('dev')), templateOf(settingsFor('prod'))];

/** What the laptop runs. */
export const local: StageTemplate = templateOf(settingsFor('local'));

/** A stage with each setting that adds resources or rights, and a VPC that it makes. */
export const EVERY_SETTING = {
  tracing: 'xray',
  listeners: true,
  intake: true,
  buses: [
    { bus: 'default', pattern: { source: ['aws.ec2'] }, project: 'proj_0199c0de00017000a1b2c3d4e5f60718' },
    {
      bus: 'arn:aws:events:eu-central-1:123456789012:event-bus/orders',
      pattern: { detailType: ['Order Paid'], detail: { total: [{ numeric: ['>', 100] }] } },
      project: 'proj_0199c0de00017000a1b2c3d4e5f60718',
    },
  ],
  iamCallers: [
    {
      arn: 'arn:aws:iam::123456789012:role/service/shop',
      project: 'proj_0199c0de00017000a1b2c3d4e5f60718',
      scopes: ['read', 'publish'],
    },
  ],
  auditExport: { retentionDays: 400, mode: 'GOVERNANCE' },
  encryptionKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/0199c0de-0000-7000-a1b2-c3d4e5f60718',
  allowedPrivateRanges: ['10.20.0.0/16'],
  allowedTargets: [
    'arn:aws:sns:eu-central-1:123456789012:orders',
    'arn:aws:events:eu-central-1:123456789012:event-bus/*',
    'arn:aws:lambda:eu-central-1:123456789012:function:bill:*',
    'arn:aws:states:eu-central-1:123456789012:stateMachine:pack',
    'arn:aws:sqs:eu-central-1:123456789012:orders-*',
    'arn:aws:sqs:eu-central-1:123456789012:bills.fifo',
  ],
  vpc: { natGateways: 2, cidr: '10.20.0.0/16' },
  domain: {
    apiName: 'api.hooks.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/0199c0de',
    consoleName: 'console.hooks.example.com',
    consoleCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0199c0de',
    hostedZone: { id: 'Z0123456789', name: 'example.com' },
    executeApi: false,
  },
} as const satisfies Partial<StageSettings>;

export function templateOf(settings: StageSettings): StageTemplate {
  const template = keptOnce<Synthesized['template']>(SOURCES, settings, (file) => synthesizeInto(file, settings));
  return { stage: settings.stage, resources: template.Resources, outputs: template.Outputs };
}

/** The CDK is loaded only here: that takes a second of each test file. */
function synthesizeInto(file: string, settings: StageSettings): void {
  const { synthesize } = require('../../lib/synthesize.js') as { synthesize: typeof Synthesize };
  const bundles = standInBundles();
  try {
    // Its files neither: a folder stands in for the built console.
    writeWhole(file, synthesize(settings, { bundles, consoleFiles: join(bundles, 'api') }).template);
  } finally {
    rmSync(bundles, { recursive: true });
  }
}

/** The template does not depend on what the functions do: five one-liners stand in for their bundles. */
export function standInBundles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'punctual-bundles-'));
  for (const name of ['api', 'deliverer', 'dispatcher', 'intake', 'reconciler']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'handler.js'), `exports.handler = async () => '${name}';`);
  }
  return folder;
}

/** All resources of a type, by readable name. */
export function ofType({ resources }: StageTemplate, type: string): Record<string, Resource> {
  const found = Object.entries(resources).filter(([, resource]) => resource.Type === type);
  return Object.fromEntries(found.map(([id, resource]) => [readable(id), resource]));
}

/** A logical id without the hash that CDK puts behind it. */
export function readable(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

/** The readable name of the resource that a Ref or GetAtt points at; anything else as it is. */
// biome-ignore lint/suspicious/noExplicitAny: an intrinsic function, or any plain value.
export function pointsAt(value: any): unknown {
  const id = value?.Ref ?? value?.['Fn::GetAtt']?.[0];
  return typeof id === 'string' && !id.startsWith('AWS::') ? readable(id) : value;
}
