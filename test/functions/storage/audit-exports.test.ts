import { DescribeExportCommand, DynamoDBClient, ExportTableToPointInTimeCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { createAuditExports } from '../../../functions/storage/audit-exports.js';
import { createDocumentClient } from '../../../functions/storage/document-client.js';
import { NOW, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());

const AUDIT = { tableArn: 'arn:aws:dynamodb:eu-central-1:1:table/Audit', bucket: 'archive' };
const LAST = { version: 1, export_arn: 'arn', until: NOW };

test('the last export is replaced only by the version after it', async () => {
  const exports = createAuditExports(world.client, 'runs', AUDIT);
  expect(await exports.last()).toBeUndefined();
  expect([await exports.put(LAST), await exports.put(LAST)]).toEqual([true, false]);
  expect(await exports.put({ ...LAST, version: 2, from: NOW })).toBe(true);
  expect(await exports.last()).toEqual({ ...LAST, version: 2, from: NOW });
});

test('DynamoDB is asked for a span of the table, under a token of its own, or for all', async () => {
  const documents = createDocumentClient(new DynamoDBClient({ region: 'eu-central-1' }));
  const mock = mockClient(documents);
  const at = new Date(NOW);
  mock.on(ExportTableToPointInTimeCommand).resolves({ ExportDescription: { ExportArn: 'arn', ExportTime: at } });
  const exports = createAuditExports(documents, 'runs', AUDIT);
  expect(await exports.start(7, NOW - 5, NOW)).toBe('arn');
  expect(await exports.startWhole()).toEqual({ export_arn: 'arn', until: NOW });
  const [span, whole] = mock.commandCalls(ExportTableToPointInTimeCommand).map(({ args }) => args[0].input);
  const where = { TableArn: AUDIT.tableArn, S3Bucket: 'archive', S3Prefix: 'audit' };
  expect(span).toEqual({
    ...where,
    ClientToken: `audit-7-${NOW - 5}`,
    ExportType: 'INCREMENTAL_EXPORT',
    IncrementalExportSpecification: {
      ExportFromTime: new Date(NOW - 5),
      ExportToTime: at,
      ExportViewType: 'NEW_IMAGE',
    },
  });
  expect(whole).toMatchObject(where);
  mock
    .on(DescribeExportCommand)
    .resolvesOnce({ ExportDescription: { ExportStatus: 'IN_PROGRESS' } })
    .resolvesOnce({ ExportDescription: { ExportStatus: 'COMPLETED' } })
    .resolvesOnce({ ExportDescription: { ExportStatus: 'FAILED', FailureMessage: 'access denied' } });
  const states = [await exports.state(LAST), await exports.state(LAST), await exports.state(LAST)];
  expect(states).toEqual(['running', 'completed', { failure: 'access denied' }]);
});
