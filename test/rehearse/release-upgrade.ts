import assert from 'node:assert/strict';
import { join } from 'node:path';
import { settingsFor } from '../../lib/config.js';
import { synthesize } from '../../lib/synthesize.js';
import { checkedOut, type Release } from '../releases/release-before.js';
import { PAYLOAD } from '../stories/receiver.js';
import { type Deployment, newcomer } from '../stories/tell-all.js';
import { expectStatus } from '../support/http-client.js';
import type { Json } from './assembly.js';
import { Cdk } from './cdk.js';
import type { Emulator } from './emulator.js';
import { asFarAsItGoes } from './for-this-machine.js';
import { outputOf } from './processes.js';
import { startTraffic } from './traffic.js';

const STACK = 'Punctual-upgraded';
/** Its console would need what the emulator lacks. */
const SETTINGS = { stage: 'upgraded', console: false } as const;
/** Due after the upgrade, and after the way back. */
const LATER_SECONDS = 100;

/** One stage, as each release synthesizes it by its own code. */
export class ReleaseUpgrade {
  constructor(
    private readonly emulator: Emulator,
    private readonly folder: string,
    private readonly before: Release,
    /** Whether the release before gets the tables of this one. */
    private readonly sameTables: boolean,
  ) {}

  async deployBefore(): Promise<Cdk> {
    const cdk = await this.synthesizeBefore();
    if (this.sameTables) {
      const { Resources } = this.synthesizeNext().assembly.template();
      cdk.assembly.change((template) => Object.assign(template.Resources, tablesOf(Resources)));
    }
    return this.deployed(cdk);
  }

  async deployNext(): Promise<Cdk> {
    return this.deployed(this.synthesizeNext());
  }

  async haveSameTables(): Promise<boolean> {
    const stages = [await this.synthesizeBefore(), this.synthesizeNext()];
    const [before, next] = stages.map(({ assembly }) => JSON.stringify(tablesOf(assembly.template().Resources)));
    return before === next;
  }

  private async synthesizeBefore(): Promise<Cdk> {
    const cdk = this.stage('before');
    const code = `const { settingsFor } = require('./lib/config.ts'); const { synthesize } = require('./lib/synthesize.ts');
      synthesize(settingsFor('dev', ${JSON.stringify(SETTINGS)}), { outdir: ${JSON.stringify(cdk.assembly.folder)} });`;
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.folder };
    await outputOf(process.execPath, ['--import', 'tsx', '--eval', code], { cwd: checkedOut(this.before), env });
    return cdk;
  }

  private synthesizeNext(): Cdk {
    const cdk = this.stage('next');
    synthesize(settingsFor('dev', SETTINGS), { outdir: cdk.assembly.folder });
    return cdk;
  }

  private stage(release: string): Cdk {
    return new Cdk(this.emulator, join(this.folder, release), STACK);
  }

  private async deployed(cdk: Cdk): Promise<Cdk> {
    cdk.assembly.change(asFarAsItGoes);
    await cdk.deploy();
    return cdk;
  }
}

function tablesOf(resources: Json): Json {
  return Object.fromEntries(
    Object.entries<Json>(resources).filter(([, { Type }]) => Type === 'AWS::DynamoDB::GlobalTable'),
  );
}

/**
 * A user's work while the stage is upgraded to this release, and back: what one release accepts, the other one does and shows.
 * @returns how many tasks were accepted meanwhile
 */
export async function upgradeStory(
  deployment: Deployment,
  upgrade: () => Promise<unknown>,
  goBack: () => Promise<unknown>,
): Promise<string> {
  const { teller, receiver } = await newcomer(deployment);
  const version = async () => expectStatus(await teller.api.get('/v1/healthz'), 200).body.version as string;
  const good = await teller.endpointAt(receiver.good);
  const bad = await teller.endpointAt(receiver.bad);
  const first = await version();
  const schedule = { name: 'often', endpoint_id: good.id, cron: '*/20 * * * * *' };
  const { id } = expectStatus(await teller.api.post('/v1/schedules', schedule), 201).body;
  const [spanning, dead] = [await teller.task(good.id, { delay_seconds: LATER_SECONDS }), await teller.task(bad.id)];
  await teller.reached(dead, 'dead_letter');
  await teller.deadLetter(dead);

  const traffic = startTraffic(teller, good.id);
  await upgrade();
  const next = await version();
  assert.notEqual(next, first);
  expectStatus(await teller.api.get(`/v1/tasks/${spanning}`), 200);
  // A dead letter of the release before is replayed by this one.
  await teller.deadLetter(dead);
  await teller.move(bad.id, receiver.good);
  expectStatus(await teller.api.post(`/v1/dead-letters/${dead.replace(/^run_/, 'dl_')}/replay`), 202);
  await teller.revived(dead);
  const event = { event_name: 'release.upgraded', payload: PAYLOAD };
  await teller.endpointAt(receiver.good, 1, { event_filters: [event.event_name] });
  const published = expectStatus(await teller.api.post('/v1/events', event), 202).body.id;
  assert.equal((await teller.run(spanning)).status, 'pending', 'a task of the release before still waits');
  const ofNext = await teller.task(good.id, { delay_seconds: LATER_SECONDS });

  await goBack();
  assert.equal(await version(), first);
  assert.equal((await teller.run(ofNext)).status, 'pending', 'a task of this release still waits');
  assert.equal((await teller.run(dead)).status, 'success');
  const letter = expectStatus(await teller.api.get(`/v1/dead-letters/${dead.replace(/^run_/, 'dl_')}`), 200).body;
  assert.equal(letter.status, 'replayed');
  await teller.shown(
    `/v1/events/${published}`,
    'has one run, which succeeded',
    ({ task_counts }) => task_counts.success === 1,
  );
  const { accepted, repeated } = await traffic.stop();
  for (const run of [...accepted, spanning, ofNext]) await teller.reached(run, 'success', 2 * LATER_SECONDS * 1_000);
  const { data } = expectStatus(await teller.api.get(`/v1/schedules/${id}/runs?page_size=100`), 200).body;
  const moments: number[] = data.map(({ run_at }: { run_at: string }) => Date.parse(run_at) / 20_000);
  assert(moments.length >= 4, `the schedule made ${moments.length} runs`);
  const newest = Math.max(...moments);
  assert.deepEqual(
    moments,
    moments.map((_, n) => newest - n),
    'each moment has a run',
  );
  return `${first} → ${next} → ${first}: ${accepted.length} tasks were accepted meanwhile, ${repeated} requests sent again`;
}
