import type { StageAlarm } from '../../../../functions/subjects/alarms/alarm.js';
import { OPERATOR_KEY } from '../../../support/api-under-test.js';
import { startWholeApi, type WholeApi } from '../../../support/whole-api.js';

let api: WholeApi;
let operator: Record<string, string>;
let alarms: readonly StageAlarm[] | undefined;
beforeAll(async () => {
  api = await startWholeApi();
  const { body } = await api.call('POST', '/v1/sessions', { body: { operator_key: OPERATOR_KEY } });
  operator = { authorization: `Bearer ${body.token}` };
  Object.defineProperty(api.ports, 'alarms', { get: () => alarms && (async () => alarms!) });
});
afterAll(() => api.close());

const listed = () => api.call('GET', '/v1/alarms', { headers: operator });
const alarm = (name: string, state: StageAlarm['state'], severity: StageAlarm['severity'] = 'urgent'): StageAlarm => ({
  ...{ name, state, severity, since: Date.UTC(2026, 2, 1), reason: 'Threshold crossed' },
  ...{ meaning: 'The API fails', section: 'the-api-fails' },
});

test('a stage that CloudWatch does not watch says so', async () => {
  alarms = undefined;
  expect((await listed()).body).toEqual({ watched: false, data: [] });
});

test('those that ring come first, the urgent ones before the others, each with its section of the runbook', async () => {
  alarms = [
    alarm('Calm', 'ok'),
    alarm('Unknown', 'insufficient_data'),
    alarm('Notice', 'alarm', 'notice'),
    alarm('Rings', 'alarm'),
  ];
  const { status, body } = await listed();
  expect(status).toBe(200);
  expect(body.watched).toBe(true);
  expect(body.data.map(({ name }: StageAlarm) => name)).toEqual(['Rings', 'Notice', 'Unknown', 'Calm']);
  expect(body.data[0]).toEqual({
    ...{ name: 'Rings', severity: 'urgent', state: 'alarm', since: '2026-03-01T00:00:00.000Z' },
    ...{ reason: 'Threshold crossed', meaning: 'The API fails', runbook: '/docs/runbook#the-api-fails' },
  });
});

test('they are for an admin of all projects', async () => {
  const { key } = await api.newTenant();
  expect((await api.call('GET', '/v1/alarms', { headers: key })).status).toBe(403);
});
