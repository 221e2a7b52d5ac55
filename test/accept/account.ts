import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { nameOf, type StageSettings } from '../../lib/config.js';
import { aws, CliFault } from '../../local/preflight/aws-cli.js';
import { preflight } from '../../local/preflight/checks.js';
import { deployingOf } from '../../local/preflight/deploying.js';
import { type Finding, findingText } from '../../local/preflight/findings.js';
import { outputOf } from '../rehearse/processes.js';
import type { World } from './step.js';

const ROOT = join(__dirname, '../..');

/** A stage in the account whose credentials are in the environment. */
export class Stage {
  readonly stack: string;
  /** Names the stack also after its removal. */
  private id: string | undefined;

  /** @param assembly folder of a cloud assembly that is deployed in place of a new one */
  constructor(
    private readonly settings: StageSettings,
    private readonly assembly?: string,
  ) {
    this.stack = nameOf(settings);
  }

  /** @throws Error with all findings, if a deployment would fail, or the stage must not be removed at the end */
  async preflight(): Promise<string[]> {
    const findings: Finding[] = [];
    for await (const finding of preflight([deployingOf(this.settings)])) findings.push(finding);
    // Without a place there is nothing to ask.
    if (findings[0]!.verdict === 'ready') findings.push(await this.mayBeRemoved());
    const text = findings.map(findingText).join('\n');
    if (findings.some(({ verdict }) => verdict === 'blocked')) throw new Error(text);
    return ['```', text, '```'];
  }

  async deploy(): Promise<string[]> {
    mkdirSync(dirname(this.outputsFile()), { recursive: true });
    await this.cdk('deploy', '--require-approval', 'never', '--outputs-file', this.outputsFile());
    return [`Version ${this.outputs()['Version']} runs.`];
  }

  /** The world in which the stage is deployed. */
  async enter(world: World): Promise<World> {
    const outputs = this.outputs();
    const words = ['secretsmanager', 'get-secret-value', '--secret-id', outputs['OperatorSecretArn']!];
    const { SecretString: operatorKey } = await aws<{ SecretString: string }>(...words);
    const account = { aws, stage: this.settings.stage, stack: this.stack, outputs };
    return { ...world, account, deployment: { ...world.deployment, api: outputs['ApiUrl']!, operatorKey } };
  }

  async remove(): Promise<string[]> {
    this.id = await this.idOfStack();
    await this.cdk('destroy', '--force');
    const left = await this.idOfStack();
    if (left !== undefined) throw new Error(`${left} is still there`);
    return [];
  }

  /** What remains in the account, and how it is removed, as lines of Markdown. */
  async left(): Promise<string[]> {
    if (await this.idOfStack()) return [`The stack ${this.stack}. Remove it: \`npx cdk destroy ${this.stack}\`.`];
    if (this.id === undefined) return ['Nothing was deployed, and nothing is left.'];
    interface Events {
      readonly StackEvents: Record<'ResourceStatus' | 'ResourceType' | 'PhysicalResourceId', string>[];
    }
    const words = ['cloudformation', 'describe-stack-events', '--stack-name', this.id];
    const { StackEvents } = await aws<Events>(...words);
    const kept = StackEvents.filter(({ ResourceStatus }) => KEPT.has(ResourceStatus));
    return [
      ...kept.map(({ ResourceType: type, PhysicalResourceId: name }) => `- ${type} ${name}: ${removalOf(type, name)}`),
      '- The bootstrap and the two policies, which the next deployment needs.',
      '- Metrics of CloudWatch, which cost nothing and expire by themselves.',
    ];
  }

  private async mayBeRemoved(): Promise<Finding> {
    const what = 'teardown';
    const { stage, removal } = this.settings;
    const todo = 'Add a stage to punctual.config.ts for this: accept: { preset: "dev" }.';
    if (removal !== RemovalPolicy.DESTROY)
      return { what, verdict: 'blocked', found: `${stage} keeps what it holds when it is removed`, todo };
    if (await this.idOfStack())
      return { what, verdict: 'blocked', found: `${this.stack} runs already, and would be removed at the end`, todo };
    return { what, verdict: 'ready', found: `${this.stack} is removed at the end` };
  }

  private async idOfStack(): Promise<string | undefined> {
    const words = ['cloudformation', 'describe-stacks', '--stack-name', this.stack];
    const found = await aws<{ Stacks: { StackId: string }[] }>(...words).catch((error) => {
      if (error instanceof CliFault && error.code === 'ValidationError') return undefined;
      throw error;
    });
    return found?.Stacks[0]?.StackId;
  }

  private outputs(): Readonly<Record<string, string>> {
    return JSON.parse(readFileSync(this.outputsFile(), 'utf8'))[this.stack];
  }

  private outputsFile(): string {
    return join(ROOT, 'build', `${this.stack}-outputs.json`);
  }

  private async cdk(verb: string, ...options: string[]): Promise<void> {
    const app = this.assembly === undefined ? [] : ['--app', this.assembly];
    const env = process.env as Record<string, string>;
    await outputOf(join(ROOT, 'node_modules/.bin/cdk'), [verb, this.stack, ...app, ...options], { cwd: ROOT, env });
  }
}

/** What a removal leaves: by intent, or since it failed. */
const KEPT: ReadonlySet<string> = new Set(['DELETE_SKIPPED', 'DELETE_FAILED']);

function removalOf(type: string, name: string): string {
  if (type !== 'AWS::SecretsManager::Secret') return 'by hand, in the AWS console';
  return `\`aws secretsmanager delete-secret --force-delete-without-recovery --secret-id ${name}\``;
}
