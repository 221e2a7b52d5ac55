import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { UnknownFormatError } from '../../../functions/primitives/failed-message.js';
import { fieldsOf, rowBytes, rowOf } from '../../../functions/storage/rows.js';
import { stateItem } from '../../../functions/storage/run-items.js';
import { pendingState } from '../../../functions/subjects/task-runs/task-run.js';
import { itemBytes } from '../../../local/dynamodb/item-size.js';
import { anAttempt, aRunOf, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

const KEY = { pk: 'p', sk: 's', ttl: 1 };
const text = (length: number) => 'ab'.repeat(length / 2);

test('a row within a write unit shows all of its fields', () => {
  const fields = {
    status: 'open',
    note: '',
    gone: null,
    payload: { format: 'text', body: text(900) },
    list: [{ a: 1 }],
  };
  expect(rowOf({ ...KEY, ...fields }, ['payload.body'])).toEqual({ ...KEY, ...fields, row_format: 1 });
});

test('times are shown as ISO 8601', () => {
  const fields = { due: Date.UTC(2026, 10, 30), lease: 0, at: undefined };
  const row = rowOf({ ...KEY, ...fields }, []);
  expect(row).toMatchObject({ due: '2026-11-30T00:00:00.000Z', lease: '1970-01-01T00:00:00.000Z' });
  expect(fieldsOf(row)).toEqual(fields);
});

test('what is bulky is compressed where it saves a write unit, at any depth, and the rest is shown', () => {
  const letter = { status: 'open', run: { id: 'run_1', payload: { format: 'text', body: text(2_000) } }, headers: {} };
  const row = rowOf({ ...KEY, ...letter }, ['run.payload.body', 'headers', 'last_attempt.response_body']);
  const shown = { status: 'open', run: { id: 'run_1', payload: { format: 'text' } } };
  expect(row).toEqual({ ...KEY, ...shown, row_format: 1, compressed: expect.any(Uint8Array) });
  expect(fieldsOf(row)).toEqual(letter);
});

test('what compression would not bring below a write unit stays text', () => {
  const fields = { name: text(2_000), body: text(30) };
  expect(rowOf({ ...KEY, ...fields }, ['body'])).toEqual({ ...KEY, ...fields, row_format: 1 });
});

test('a row of another format is refused by name', () => {
  expect(() => fieldsOf({ ...KEY, row_format: 2 })).toThrow(new UnknownFormatError('row format 2'));
  expect(() => fieldsOf({ ...KEY, data: new Uint8Array([1]) })).toThrow(UnknownFormatError);
});

test('a row counts its bytes as DynamoDB does', () => {
  const row = {
    s: 'grüße',
    n: 1_234,
    b: new Uint8Array(7),
    yes: true,
    none: null,
    gone: undefined,
    l: ['a', [1]],
    m: { k: {} },
  };
  const stored = {
    s: { S: 'grüße' },
    n: { N: '1234' },
    b: { B: Buffer.alloc(7).toString('base64') },
    yes: { BOOL: true },
    none: { NULL: true },
    l: { L: [{ S: 'a' }, { L: [{ N: '1' }] }] },
    m: { M: { k: { M: {} } } },
  };
  const numbers = 2; // each of which may count a byte less
  expect(rowBytes(row) - itemBytes(stored as never)).toBeGreaterThanOrEqual(0);
  expect(rowBytes(row) - itemBytes(stored as never)).toBeLessThanOrEqual(numbers);
});

describe('a state that a later release has written', () => {
  let world: PipelineWorld;
  beforeAll(async () => {
    world = await startPipelineWorld();
  });
  afterAll(() => world.close());

  test.each([{}, { response_body: text(2_000) }])('keeps its new fields through a change: %#', async (change) => {
    const run = aRunOf(world.addProject(), {});
    const key = { project: run.project_id, run: run.id };
    const first_attempt = { ...anAttempt(run, 1, change), later: { of: 'an attempt' } };
    const state = { ...pendingState(run), version: 1, attempt: 1, first_attempt, later: [{ field: 1 }] };
    await world.ports.runs.create(run);
    await world.client.send(new PutCommand({ TableName: 'runs', Item: stateItem(key, state) }));
    const seen = (await world.ports.runs.find(key)).state!;
    expect(seen).toEqual(state);
    const next = { ...seen, version: 2, status: 'cancelled' } as const;
    expect(await world.ports.runs.advance(key, seen, next)).toBe(true);
    expect((await world.ports.runs.find(key)).state).toEqual({ ...state, version: 2, status: 'cancelled' });
  });
});
