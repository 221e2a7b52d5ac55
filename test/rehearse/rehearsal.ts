import assert from 'node:assert/strict';
import { startReceiver } from '../../local/receiver.js';
import type { Story } from '../stories/story.js';
import { type Told, tellAll, told } from '../stories/tell-all.js';
import type { Json } from './assembly.js';
import { Aws } from './aws.js';
import { Cdk } from './cdk.js';
import type { Emulator } from './emulator.js';
import { leaveOut } from './leave-out.js';
import { LEFT_OUT } from './shortcomings.js';

/** Deploys, tells the stories through the deployed API's address, and removes; says of each step what came of it. */
export class Rehearsal {
  private readonly cdk: Cdk;

  constructor(
    private readonly emulator: Emulator,
    folder: string,
    private readonly heard: (told: Told) => void,
  ) {
    this.cdk = new Cdk(emulator, folder);
  }

  /** @throws Error when it comes to a point from which it cannot go on */
  async rehearse(stories: readonly Story[]): Promise<void> {
    const { cdk } = this;
    await this.must('deploy: synth, under the rules of cdk-nag', () => cdk.synth());
    await this.must('deploy: bootstrap', () => cdk.bootstrap());
    // As `npm start` has it: the receiver is on this machine.
    cdk.assembly.change(allowLoopback);
    await this.orElse(
      'deploy: the whole template',
      () => cdk.deploy(),
      () => this.deployWithout(),
    );

    const aws = new Aws(this.emulator.url, cdk.assembly);
    const { ApiUrl, OperatorSecretArn } = cdk.outputs();
    await this.step('deploy: queues give up poison to their DLQs', () => aws.assertRedrivePolicies());
    await this.orElse(
      'deploy: what is over expires by itself',
      () => aws.assertTimeToLive(),
      () => aws.setTimeToLive(),
    );
    const operatorKey = await aws.secret(OperatorSecretArn!);
    await this.step('deploy: the operator key is 43 letters and digits', async () =>
      assert.match(operatorKey, /^[A-Za-z0-9]{43}$/),
    );
    const receiver = await startReceiver();
    try {
      await tellAll(stories, { api: this.address(ApiUrl!), operatorKey, receiver: receiver.url }, this.heard);
    } finally {
      await receiver.close();
    }
    await this.step('remove: destroy', () => cdk.destroy());
  }

  private async deployWithout(): Promise<void> {
    this.cdk.assembly.change((template) => {
      for (const { isIt } of LEFT_OUT) leaveOut(template, isIt);
    });
    await this.cdk.deploy();
  }

  /** The host names that it gives to APIs need a resolver that knows them. */
  private address(apiUrl: string): string {
    return `${this.emulator.url}/_aws/execute-api/${new URL(apiUrl).hostname.split('.')[0]}/$default`;
  }

  private async step(name: string, attempt: () => Promise<void>): Promise<boolean> {
    const outcome = await told(name, attempt);
    this.heard(outcome);
    return outcome.fault === undefined;
  }

  private async must(name: string, attempt: () => Promise<void>): Promise<void> {
    if (!(await this.step(name, attempt))) throw new Error(`nothing can follow on: ${name}`);
  }

  private async orElse(name: string, attempt: () => Promise<void>, instead: () => Promise<void>): Promise<void> {
    if (!(await this.step(name, attempt))) await this.must(`${name}, as far as it goes`, instead);
  }
}

function allowLoopback(template: Json): void {
  for (const { Type, Properties } of Object.values<Json>(template.Resources))
    if (Type === 'AWS::Lambda::Function' && Properties.Environment)
      Properties.Environment.Variables.ALLOW_LOOPBACK = 'true';
}
