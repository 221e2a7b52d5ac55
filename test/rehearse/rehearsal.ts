import assert from 'node:assert/strict';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Existing } from '../../lib/config.js';
import { startReceiver } from '../../local/receiver.js';
import { releaseBefore } from '../releases/release-before.js';
import { PAYLOAD, tellingReceiver } from '../stories/receiver.js';
import type { OutsideStory } from '../stories/story.js';
import { StoryTeller } from '../stories/story-teller.js';
import { taskStory } from '../stories/task.js';
import { type Deployment, type Told, tellAll, told } from '../stories/tell-all.js';
import { eventually } from '../support/eventually.js';
import { expectStatus, HttpClient } from '../support/http-client.js';
import { newProject } from '../support/tenant.js';
import { acceptance } from './acceptance.js';
import type { Json } from './assembly.js';
import { Aws } from './aws.js';
import { Cdk } from './cdk.js';
import { asTheEmulatorAsks } from './emulated-policies.js';
import { type Emulator, inRegion } from './emulator.js';
import { asFarAsItGoes, forThisMachine } from './for-this-machine.js';
import { functionTroubles } from './function-troubles.js';
import { Iam } from './iam.js';
import { layPackage } from './lay-package.js';
import { leaveOut } from './leave-out.js';
import { hasAwsCli, preflight, preflightOfPackage } from './preflight.js';
import { moveByHand, redriveStory, startMoveTask } from './redrive.js';
import { ReleaseUpgrade, upgradeStory } from './release-upgrade.js';
import { rotationStory, withShortLivedSecrets } from './rotation.js';
import { deploySecondStage } from './second-stage.js';
import { LACKING } from './shortcomings.js';

const DEPLOYING_POLICY = 'arn:aws:iam::000000000000:policy/punctual-deploying';

/** Deploys, tells the stories through the deployed API's address, and removes; says of each step what came of it. */
export class Rehearsal {
  private readonly cdk: Cdk;
  private readonly aws: Aws;
  private readonly iam: Iam;

  constructor(
    private readonly emulator: Emulator,
    private readonly folder: string,
    private readonly heard: (told: Told) => void,
  ) {
    this.cdk = new Cdk(emulator, folder);
    this.aws = new Aws(emulator.url, this.cdk.assembly);
    this.iam = new Iam(emulator.url);
  }

  /** @throws Error when it comes to a point from which it cannot go on */
  async rehearse(stories: readonly OutsideStory[]): Promise<void> {
    await this.deploy();
    const receiver = await startReceiver();
    try {
      const deployment = await this.deployment(this.cdk, receiver.url);
      await this.upgradeWhatIsRefused(deployment);
      const since = Date.now();
      await tellAll(stories, deployment, this.heard);
      await this.step('alarms: the API lists those of the stage', () => this.listAlarms(deployment));
      await this.redrive(deployment);
      await this.step('runbook: a second stage has what restored tables held, and goes on from there', () =>
        this.restore(deployment),
      );
      await this.step(
        'roll back: a later release is watched by the alarms, and undone; what it was given is done',
        () => this.rollBack(deployment),
      );
      await this.step('after all: no function has met with trouble', () => this.assertNoTroubles(since));
      await this.upgradeRelease(receiver.url);
      await this.step('runbook: a Region is lost, and another goes on with the copies of its tables and secrets', () =>
        this.loseRegion(deployment),
      );
    } finally {
      await receiver.close();
    }
    await this.step('remove: all is gone but the secrets', () => this.remove());
    await this.accept();
    await this.ofThePackage();
  }

  private async deploy(): Promise<void> {
    const { cdk, aws } = this;
    await this.must('deploy: synth, under the rules of cdk-nag', () => cdk.synth());
    await this.must('deploy: bootstrap, under the deploying policy and beside the bootstrap of others', () =>
      this.bootstrap(),
    );
    cdk.assembly.change(forThisMachine);
    await this.deployAsFarAsItGoes();
    await this.step('deploy: queues give up poison to their DLQs', () => aws.assertRedrivePolicies());
    await this.orElse(
      'deploy: what is over expires by itself',
      () => aws.assertTimeToLive(),
      () => aws.setTimeToLive(),
    );
    await this.step('deploy: the operator key is 43 letters and digits', async () =>
      assert.match(await this.operatorKey(), /^[A-Za-z0-9]{43}$/),
    );
  }

  private async bootstrap(): Promise<void> {
    const { cdk, iam } = this;
    await cdk.bootstrapOfOthers();
    const others = await iam.roles();
    assert(others.length > 4, `${others}`);
    this.assertPreflight(1, [/BLOCKED {2}bootstrap punctual: /, /BLOCKED {2}boundary punctual-boundary: /]);
    assert.equal(await iam.createPolicy('punctual-deploying', 'deploying-policy.json'), DEPLOYING_POLICY);
    await iam.createPolicy('punctual-boundary', 'boundary-policy.json');
    await cdk.bootstrap(DEPLOYING_POLICY);
    const roles = await iam.roles();
    assert.deepEqual(
      others.filter((role) => !roles.includes(role)),
      [],
    );
    this.assertPreflight(0, [/ready {4}bootstrap punctual: /, /ready {4}boundary punctual-boundary: /]);
  }

  private assertPreflight(status: number, lines: readonly RegExp[]): void {
    this.assertChecked(preflight(this.emulator), status, lines);
  }

  private assertChecked(checked: ReturnType<typeof preflight>, status: number, lines: readonly RegExp[]): void {
    if (checked === undefined) {
      console.log('SKIPPED: a preflight, since there is no AWS CLI here');
      return;
    }
    for (const line of lines) assert.match(checked.text, line);
    assert.equal(checked.status, status, checked.text);
  }

  /** Leaves out what the emulator is known to lack, one by one, each only after it was seen to fail. */
  private async deployAsFarAsItGoes(): Promise<void> {
    const lacking = new Set(LACKING.filter(({ isIt }) => this.cdk.assembly.has(isIt)));
    for (;;) {
      const outcome = await told('deploy: the stack', () => this.cdk.deploy());
      const found = [...lacking].find(({ shows }) => outcome.fault && shows.test(outcome.fault.message));
      this.heard({ ...outcome, ...(found && { name: found.name }) });
      if (!outcome.fault) break;
      if (!found) throw new Error('it is not deployed');
      lacking.delete(found);
      this.cdk.assembly.change((template) => void leaveOut(template, found.isIt));
    }
    for (const { name } of lacking) this.heard({ name, ms: 0 });
  }

  /** Also an upgrade of what runs. */
  private async upgradeWhatIsRefused(deployment: Deployment): Promise<void> {
    const since = Date.now();
    await this.orElse(
      'permissions: a task, under the policies as they are written',
      async () => {
        await tellAll([taskStory], deployment, () => {}).catch(() => {});
        await this.assertNoTroubles(since);
      },
      () => this.deployWith(asTheEmulatorAsks),
    );
  }

  private async deployWith(change: (template: Json) => void, ...watch: string[]): Promise<void> {
    this.cdk.assembly.change(change);
    await this.cdk.deploy(...watch);
  }

  /** As docs/runbook.md says. The emulator has no alarms that ring, so the way back is a deployment. */
  private async rollBack({ api, operatorKey, receiver }: Deployment): Promise<void> {
    const teller = new StoryTeller(await newProject(api, operatorKey));
    const version = async () => expectStatus(await teller.api.get('/v1/healthz'), 200).body.version;
    const endpoint = await teller.endpointAt(tellingReceiver(receiver!).good);
    const [before, later] = [await version(), '99.0.0'];
    // The output `RollbackAlarmArns` goes with the alarms on metric math, which the emulator refuses.
    const watch = ['FailedMessages', 'StuckMessages'].flatMap((name) => [
      '--rollback-trigger-alarm-arns',
      `arn:aws:cloudwatch:us-east-1:000000000000:alarm:Punctual-dev-${name}`,
    ]);
    await this.deployWith(releasedAs(later), ...watch, '--monitoring-time-minutes', '0');
    assert.equal(await version(), later);
    const id = await teller.task(endpoint.id, { delay_seconds: 20 });
    await this.deployWith(releasedAs(before));
    assert.equal(await version(), before);
    await teller.reached(id, 'success');
  }

  private async listAlarms({ api, operatorKey }: Deployment): Promise<void> {
    const { operator } = await newProject(api, operatorKey);
    const { watched, data } = expectStatus(await operator.get('/v1/alarms'), 200).body;
    const made = this.cdk.assembly
      .resources('AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties.AlarmName);
    assert.equal(watched, true);
    assert.deepEqual(data.map(({ name }: { name: string }) => `Punctual-dev-${name}`).sort(), made.sort());
  }

  private async redrive(deployment: Deployment): Promise<void> {
    const { DeadLettersQueueUrl: from, ReplayQueueUrl: to } = this.cdk.outputs();
    await this.orElse(
      'runbook: what an operator moves to the replay queue is replayed',
      () => redriveStory(deployment, () => startMoveTask(this.aws.sqs, from!, to!)),
      () => redriveStory(deployment, () => moveByHand(this.aws.sqs, from!, to!)),
    );
  }

  private async restore(first: Deployment): Promise<void> {
    const { project, api, operator } = await newProject(first.api, first.operatorKey);
    const teller = new StoryTeller({ project, api, operator });
    const endpoint = await teller.endpointAt(tellingReceiver(first.receiver!).good);
    const before = await teller.task(endpoint.id);
    await teller.reached(before, 'success');

    const tables = await this.aws.restoreTables();
    const secrets = await this.aws.secretArns();
    const cdk = await deploySecondStage(this.emulator, join(this.folder, 'second'), { tables, secrets });
    // The key is in the restored table, and the first stage's master secret opens what signs the call.
    const { api: address } = await this.deployment(cdk, first.receiver!);
    const second = new StoryTeller({ project, api: new HttpClient(address, api.headers), operator });
    await second.reached(before, 'success');
    const after = await second.task(endpoint.id);
    await second.reached(after, 'success');
    expectStatus(await api.get(`/v1/tasks/${after}`), 404);
    await this.step('intake: a message that is sent twice becomes one task, which is delivered', () =>
      this.takeIn(second, endpoint.id, cdk.outputs()['IntakeQueueUrl']!),
    );

    await cdk.destroy();
    const left = await this.aws.tables();
    assert.deepEqual(
      Object.values(tables).filter((name) => !left.includes(name)),
      [],
    );
    await this.aws.deleteTables(Object.values(tables));
  }

  private async takeIn(teller: StoryTeller, endpoint: string, queue: string): Promise<void> {
    const task = { name: 'by the intake', endpoint_id: endpoint, payload: PAYLOAD };
    const message = JSON.stringify({ project: teller.project.id, task, idempotency_key: 'intake-1' });
    for (let times = 0; times < 2; times++)
      await this.aws.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: message }));
    const made = async () => {
      const { data } = expectStatus(await teller.api.get('/v1/tasks?page_size=100'), 200).body;
      return data.filter(({ name }: { name: string | null }) => name === task.name).map(({ id }: { id: string }) => id);
    };
    const [run] = await eventually(
      'the task is made',
      async () => ((await made()).length > 0 ? made() : undefined),
      60_000,
    );
    await teller.reached(run, 'success');
    assert.deepEqual(await made(), [run]);
  }

  /** A stage over tables and secrets with copies elsewhere. Its stack goes, and with it what waited in its queues. */
  private async loseRegion(first: Deployment): Promise<void> {
    const standby = inRegion(this.emulator, 'eu-west-1');
    const there = new Aws(this.emulator.url, this.cdk.assembly, 'eu-west-1');
    const { audit, ...tables } = await this.aws.restoreTables();
    const secrets = await this.aws.secretArns();
    await this.aws.copyTables(Object.values(tables), 'eu-west-1');
    let copies: Existing['secrets'] = await this.aws.copySecrets(secrets, 'eu-west-1');
    await new Cdk(standby, this.folder).bootstrap(DEPLOYING_POLICY);

    const active = await deploySecondStage(this.emulator, join(this.folder, 'active'), { tables, secrets });
    const { api: address, operatorKey } = await this.deployment(active, first.receiver!);
    const access = await newProject(address, operatorKey);
    const teller = new StoryTeller(access);
    const endpoint = await teller.endpointAt(tellingReceiver(first.receiver!).good);
    const before = await teller.task(endpoint.id);
    await teller.reached(before, 'success');
    await active.destroy();

    await this.orElse(
      'runbook: the copies of secrets become secrets',
      () => there.promoteSecrets(copies!),
      async () => {
        copies = await there.makeSecrets(this.aws, secrets);
      },
    );
    const cdk = await deploySecondStage(standby, join(this.folder, 'standby'), {
      tables,
      ...(copies && { secrets: copies }),
    });
    const since = Date.now();
    const elsewhere = new StoryTeller({ ...access, api: new HttpClient(this.addressOf(cdk), access.api.headers) });
    await elsewhere.reached(before, 'success');
    await elsewhere.reached(await elsewhere.task(endpoint.id), 'success');
    assert.equal(await functionTroubles(standby, since), '');

    await cdk.destroy();
    for (const aws of [there, this.aws]) await aws.deleteTables(Object.values(tables));
    await this.aws.deleteTables([audit!]);
  }

  /** A stage of its own, from the release before to this one and back, while a user works. */
  private async upgradeRelease(receiver: string): Promise<void> {
    const before = releaseBefore();
    if (typeof before === 'string') return console.log(`SKIPPED: the upgrade of a release, since ${before}`);
    const folder = join(this.folder, 'releases');
    const upgrade = (sameTables: boolean) => async () => {
      const releases = new ReleaseUpgrade(this.emulator, folder, before, sameTables);
      const cdk = await releases.deployBefore();
      try {
        const deployment = await this.deployment(cdk, receiver);
        const [next, back] = [() => releases.deployNext(), () => releases.deployBefore()];
        console.log(await upgradeStory(deployment, next, back));
      } finally {
        await cdk.destroy();
      }
    };
    const name = 'upgrade: a stage of the release before is upgraded while a user works, and goes back';
    if (await new ReleaseUpgrade(this.emulator, folder, before, false).haveSameTables())
      return void (await this.step(name, upgrade(false)));
    await this.orElse(`${name}; its tables get a new index`, upgrade(false), upgrade(true));
  }

  private async remove(): Promise<void> {
    await this.cdk.destroy();
    assert.deepEqual(await this.aws.tables(), []);
    assert.notEqual(await this.operatorKey(), '');
  }

  /** What an account's owner does once, as far as an emulator goes: deploy, try, remove. */
  private async accept(): Promise<void> {
    if (!hasAwsCli(this.emulator)) {
      console.log('SKIPPED: npm run accept, since there is no AWS CLI here');
      return;
    }
    const receiver = await startReceiver();
    try {
      for (const told of await acceptance(this.emulator, this.cdk.assembly, receiver.url)) this.heard(told);
    } finally {
      await receiver.close();
    }
  }

  /** In a stack of another app, by the bootstrap of others; what the emulator lacks was seen above. */
  private async ofThePackage(): Promise<void> {
    const app = join(this.folder, 'shop');
    const cdk = new Cdk(this.emulator, app, 'Shop');
    await this.must('package: synth in another app', async () => {
      await layPackage(app);
      await cdk.synth('--app', `node ${join(app, 'app.cjs')}`);
    });
    await this.step('package: its preflight reads the synthesized app, and says how to deploy', async () =>
      this.assertChecked(preflightOfPackage(this.emulator, app, cdk.assembly.folder), 0, [
        /\nShop\nready {4}bootstrap hnb659fds: /,
        /npx cdk deploy Shop/,
      ]),
    );
    cdk.assembly.change(asFarAsItGoes);
    cdk.assembly.change(withShortLivedSecrets);
    await this.must('package: deploy', () => cdk.deploy());
    const receiver = await startReceiver();
    try {
      const deployment = await this.deployment(cdk, receiver.url);
      await tellAll([taskStory], deployment, (told) => this.heard({ ...told, name: `package: ${told.name}` }));
      await this.step('runbook: both secrets are rotated while a user works, and no delivery fails', () =>
        rotationStory(deployment, {
          putSecret: (part, value) => this.aws.putSecret(part, value),
          reconcile: () => this.aws.reconcile('Shop'),
        }),
      );
    } finally {
      await receiver.close();
    }
    await this.step('package: remove', () => cdk.destroy());
  }

  private async assertNoTroubles(since: number): Promise<void> {
    const troubles = await functionTroubles(this.emulator, since);
    assert(troubles === '', troubles);
  }

  private operatorKey(cdk = this.cdk): Promise<string> {
    return this.aws.secret(cdk.outputs()['OperatorSecretArn']!);
  }

  private async deployment(cdk: Cdk, receiver: string): Promise<Deployment> {
    return { api: this.addressOf(cdk), operatorKey: await this.operatorKey(cdk), receiver };
  }

  /** By its path, since the host names that it gives to APIs need a resolver that knows them. */
  private addressOf(cdk: Cdk): string {
    const [id] = new URL(cdk.outputs()['ApiUrl']!).hostname.split('.');
    return `${this.emulator.url}/_aws/execute-api/${id}/$default`;
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
    if (!(await this.step(name, attempt))) await this.must(`${name} (as far as it goes)`, instead);
  }
}

function releasedAs(version: string) {
  return ({ Resources }: Json): void => {
    for (const { Properties } of Object.values<Json>(Resources))
      if (Properties?.Environment?.Variables.VERSION) Properties.Environment.Variables.VERSION = version;
  };
}
