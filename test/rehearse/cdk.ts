import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Assembly } from './assembly.js';
import type { Emulator } from './emulator.js';
import { outputOf } from './processes.js';

const ROOT = join(__dirname, '../..');
const CLI = join(ROOT, 'node_modules/.bin/cdk');

/** What `docs/deploying.md` tells users to do, with the real CLI. */
export class Cdk {
  readonly assembly: Assembly;

  constructor(
    private readonly emulator: Emulator,
    folder: string,
    private readonly stack = 'Punctual-dev',
  ) {
    this.assembly = new Assembly(join(folder, 'cdk.out'), stack);
  }

  /** Under cdk-nag's rules. */
  async synth(...app: string[]): Promise<void> {
    await this.run('synth', this.stack, '--quiet', '--strict', '--output', this.assembly.folder, ...app);
  }

  /** A bootstrap of its own, beside the bootstrap of other apps, as `docs/deploying.md` recommends. */
  async bootstrap(policyArn: string): Promise<void> {
    const own = ['--toolkit-stack-name', 'CDKToolkit-punctual', '--qualifier', 'punctual'];
    await this.bootstrapOfOthers(...own, '--cloudformation-execution-policies', policyArn);
  }

  async bootstrapOfOthers(...options: string[]): Promise<void> {
    await this.run(
      'bootstrap',
      `aws://000000000000/${this.emulator.env['AWS_REGION']}`,
      '--app',
      this.assembly.folder,
      ...options,
    );
  }

  async deploy(...watch: string[]): Promise<void> {
    const options = ['--require-approval', 'never', '--outputs-file', this.outputsFile(), ...watch];
    await this.run('deploy', this.stack, '--app', this.assembly.folder, ...options);
  }

  async destroy(): Promise<void> {
    await this.run('destroy', this.stack, '--force', '--app', this.assembly.folder);
  }

  /** What the deployed stack answers. */
  outputs(): Readonly<Record<string, string>> {
    return JSON.parse(readFileSync(this.outputsFile(), 'utf8'))[this.stack];
  }

  private outputsFile(): string {
    return join(this.assembly.folder, 'outputs.json');
  }

  private async run(...args: string[]): Promise<void> {
    await outputOf(CLI, args, { cwd: ROOT, env: this.emulator.env });
  }
}
