import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { HttpDestination } from '../../../../functions/destinations/http/http.js';
import { decrypted, encrypted } from '../../../../functions/destinations/secret-values.js';
import {
  createKeyring,
  DecryptionError,
  encrypt,
  encryptionWith,
  keyIdOf,
} from '../../../../functions/primitives/encryption.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import { reEncrypt, type SealedRows } from '../../../../functions/protocol/sweep/re-encrypt.js';
import { createConfigStore } from '../../../../functions/storage/config-store.js';
import { createScheduleStore } from '../../../../functions/storage/schedule-store.js';
import { createSealedRows } from '../../../../functions/storage/sealed-rows.js';
import type { Schedule } from '../../../../functions/subjects/schedules/schedule.js';
import { startTables, type Tables } from '../../../contracts/tables.js';
import { anEndpoint } from '../../../support/memory-world.js';

const NOW = Date.UTC(2026, 10, 30);
const clock = { now: () => NOW, sleep: async () => {} };
const [FIRST, SECOND, THIRD] = ['the first', 'the second', 'the third'] as const;

let tables: Tables;
beforeEach(async () => {
  tables = await startTables();
});
afterEach(() => tables.close());

const stores = () => ({
  config: createConfigStore(tables.client, tables.config, clock),
  schedules: createScheduleStore(tables.client, tables.config, clock),
});

let made = 0;
const idOf = (prefix: Parameters<typeof makeId>[0]) => makeId(prefix, NOW + made++, Buffer.alloc(8, made));

/** A project with one of everything that holds a secret, all encrypted with that master secret. */
async function aProject(master: string) {
  const { config, schedules } = stores();
  const seal = (text: string, id: string) => encrypt(createKeyring(master), text, id);
  const times = { created_at: NOW, updated_at: NOW };
  const project = idOf('proj');
  const retiring = (id: string) => [{ sealed: seal('whsec_old', id), until: NOW + 1 }];
  await config.createProject({
    ...{ id: project, name: 'p', environment: 'staging', shards: 1, ...times },
    ...{ signing_secret: seal('whsec_p', project), retiring_secrets: retiring(project) },
  });
  const key = idOf('ak');
  const aKey = { id: key, project_id: project, label: 'k', last_four: '0000', created_at: NOW };
  await config.createKey({ ...aKey, signing_secret: seal('key secret', key) }, key);
  const endpoint = idOf('ep');
  await config.createEndpoint({
    ...anEndpoint({ id: endpoint, project_id: project, event_filters: ['a.*'] }),
    ...{
      signing_secrets: [seal('whsec_1', endpoint), seal('whsec_2', endpoint)],
      retiring_secrets: retiring(endpoint),
    },
  });
  const schedule = idOf('sch');
  const plain = {
    name: 's',
    timezone: 'UTC',
    cron: '* * * * *',
    misfire_grace_seconds: 1,
    ...times,
    version: 1,
  } as const;
  const aSchedule = { ...plain, overlap_policy: 'allow', misfire_policy: 'skip', endpoint_id: endpoint } as const;
  await schedules.putSchedule({ ...aSchedule, id: schedule, project_id: project, signing_key: seal('sk_1', schedule) });
  await schedules.putSchedule({ ...aSchedule, id: idOf('sch'), project_id: project });
  return { project, key, endpoint, schedule };
}

/** Every secret of a project in the clear, read with this ring. */
async function clear(
  { project, key, endpoint, schedule }: Awaited<ReturnType<typeof aProject>>,
  ...masters: [string, ...string[]]
) {
  const { config, schedules } = stores();
  const { decrypt } = encryptionWith(async () => createKeyring(...masters));
  const p = (await config.project(project))!;
  const e = (await config.endpoint(project, endpoint))!;
  const k = (await config.keyById(key))!.key;
  const s = (await schedules.find({ project, schedule })).schedule as Schedule;
  const retiring = [...p.retiring_secrets!, ...e.retiring_secrets!].map(({ until }) => until);
  return [
    ...(await Promise.all([p.signing_secret, p.retiring_secrets![0]!.sealed].map((text) => decrypt(text, project)))),
    await decrypt(k.signing_secret, key),
    ...(await Promise.all(
      [...e.signing_secrets, e.retiring_secrets![0]!.sealed].map((text) => decrypt(text, endpoint)),
    )),
    await decrypt(s.signing_key!, schedule),
    ...retiring,
  ];
}

const ALL = ['whsec_p', 'whsec_old', 'key secret', 'whsec_1', 'whsec_2', 'whsec_old', 'sk_1', NOW + 1, NOW + 1];

/** What the reconciler has, after a change to `masters[0]`. */
function reconciler(masters: readonly [string, ...string[]], settledAt = NOW) {
  const failures: string[] = [];
  const ring = createKeyring(...masters);
  const rotation = async () => ({ keyId: ring[0].id, settledAt, isFirst: masters.length === 1 });
  const ports = {
    secrets: { ...encryptionWith(async () => ring), rotation },
    sealedRows: createSealedRows({ ...tables, clock }) as SealedRows,
    clock,
    onFailure: ({ row }: { row?: string }) => void failures.push(row!),
  };
  return { ports, failures };
}

const never = () => false;

test('everything is encrypted anew, and can be read without the old master secret', async () => {
  const projects = [await aProject(FIRST), await aProject(FIRST), await aProject(SECOND)];
  const { ports, failures } = reconciler([SECOND, FIRST]);
  expect(await reEncrypt(ports, never)).toMatchObject({ isOver: true });
  expect(failures).toEqual([]);
  for (const project of projects) expect(await clear(project, SECOND)).toEqual(ALL);
});

test('it waits until nothing is encrypted with the old one any more; without an old one there is nothing to do', async () => {
  const project = await aProject(FIRST);
  expect(await reEncrypt(reconciler([SECOND, FIRST], NOW + 1).ports, never)).toMatchObject({ isOver: false });
  expect(await clear(project, FIRST)).toEqual(ALL);
  expect(await reEncrypt(reconciler([FIRST]).ports, never)).toMatchObject({ isOver: true });
});

test('it goes on where it stopped, and is over once for each master secret', async () => {
  const projects = [await aProject(FIRST), await aProject(FIRST)];
  const { ports } = reconciler([SECOND, FIRST]);
  let pages = 0;
  const counted = {
    ...ports,
    sealedRows: {
      ...ports.sealedRows,
      page: (after?: string) => {
        pages++;
        return ports.sealedRows.page(after);
      },
    },
  };
  const oneAtATime = async () => {
    let asked = 0;
    return reEncrypt(counted, () => asked++ > 0);
  };
  expect(await oneAtATime()).toMatchObject({ isOver: false });
  expect(await oneAtATime()).toMatchObject({ isOver: false });
  expect(await oneAtATime()).toMatchObject({ isOver: true });
  expect(pages).toBe(3); // the projects, and each project's partition
  for (const project of projects) expect(await clear(project, SECOND)).toEqual(ALL);
  expect(await oneAtATime()).toMatchObject({ isOver: true });
  expect(pages).toBe(3);

  const next = reconciler([THIRD, SECOND]);
  expect(await reEncrypt(next.ports, never)).toMatchObject({ isOver: true });
  for (const project of projects) expect(await clear(project, THIRD)).toEqual(ALL);
});

test('a change at the same time is not lost, nor is the new encryption', async () => {
  const { project, endpoint } = await aProject(FIRST);
  const { config } = stores();
  const { ports } = reconciler([SECOND, FIRST]);
  let isFirst = true;
  const replace: SealedRows['replace'] = async (row, sealed) => {
    if (row.id === endpoint && isFirst) {
      isFirst = false;
      await config.changeEndpoint(project, endpoint, (current) => ({ ...current, name: 'renamed' }));
    }
    return ports.sealedRows.replace(row, sealed);
  };
  await reEncrypt({ ...ports, sealedRows: { ...ports.sealedRows, replace } }, never);
  const stands = (await config.endpoint(project, endpoint))!;
  expect(stands.name).toBe('renamed');
  expect(stands.signing_secrets.map(keyIdOf)).toEqual([1, 2].map(() => createKeyring(SECOND)[0].id));
});

test('a change that was read before the new encryption does not bring the old one back', async () => {
  const { project, endpoint } = await aProject(FIRST);
  const { ports } = reconciler([SECOND, FIRST]);
  let isFirst = true;
  const send = async (command: object) => {
    if (command instanceof PutCommand && isFirst) {
      isFirst = false;
      await reEncrypt(ports, never);
    }
    return tables.client.send(command as PutCommand);
  };
  const config = createConfigStore({ send } as unknown as Tables['client'], tables.config, clock);
  const stands = await config.changeEndpoint(project, endpoint, (current) => ({ ...current, name: 'renamed' }));
  expect(isFirst).toBe(false);
  expect(stands).toMatchObject({ name: 'renamed' });
  expect(stands!.signing_secrets.map(keyIdOf)).toEqual([1, 2].map(() => createKeyring(SECOND)[0].id));
});

test('what no secret opens is named, and keeps nothing else from being encrypted anew', async () => {
  const lost = await aProject('long gone');
  const project = await aProject(FIRST);
  const { ports, failures } = reconciler([SECOND, FIRST]);
  expect(await reEncrypt(ports, never)).toMatchObject({ isOver: true });
  expect(failures.sort()).toEqual([lost.project, lost.key, lost.endpoint, lost.schedule].sort());
  expect(await clear(project, SECOND)).toEqual(ALL);
  await expect(clear(lost, SECOND, FIRST)).rejects.toThrow(DecryptionError);
});

test('a failed write is tried again in the next round', async () => {
  const project = await aProject(FIRST);
  const { ports } = reconciler([SECOND, FIRST]);
  const failing: SealedRows = { ...ports.sealedRows, replace: () => Promise.reject(new Error('throttled')) };
  await expect(reEncrypt({ ...ports, sealedRows: failing }, never)).rejects.toThrow('throttled');
  expect(await reEncrypt(ports, never)).toMatchObject({ isOver: true });
  expect(await clear(project, SECOND)).toEqual(ALL);
});

test('values of headers are encrypted anew, of endpoints and of targets; plain ones stay', async () => {
  const { config, schedules } = stores();
  const { project, schedule } = await aProject(FIRST);
  const { encrypt: seal } = encryptionWith(async () => createKeyring(FIRST));
  const id = idOf('ep');
  const headers = { Authorization: 'Bearer of-theirs' };
  const sealed = await encrypted(
    anEndpoint({ id, project_id: project, signing_secrets: [], headers }),
    { encrypt: seal },
    id,
  );
  await config.createEndpoint({ ...sealed, headers: { ...sealed.headers, 'X-Old': 'plain' } });
  const { schedule: had } = await schedules.find({ project, schedule });
  const { endpoint_id: _endpoint, ...other } = had!;
  const target = { url: 'https://example.com/', method: 'POST', timeout_ms: 1_000, headers } as const;
  await schedules.putSchedule({ ...other, target: await encrypted(target, { encrypt: seal }, schedule), version: 2 });
  const { ports, failures } = reconciler([SECOND, FIRST]);
  expect(await reEncrypt(ports, never)).toMatchObject({ isOver: true });
  expect(failures).toEqual([]);
  const { decrypt } = encryptionWith(async () => createKeyring(SECOND));
  const endpoint = (await config.endpoint(project, id))!;
  expect((await decrypted(endpoint as HttpDestination, decrypt, id)).headers).toEqual({ ...headers, 'X-Old': 'plain' });
  const after = (await schedules.find({ project, schedule })).schedule!;
  expect((await decrypted(after.target as HttpDestination, decrypt, schedule)).headers).toEqual(headers);
});
