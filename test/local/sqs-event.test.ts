import type { SQSRecord } from 'aws-lambda';
import { fittingBatches, sqsRecord, succeeded } from '../../local/sqs-event.js';

const records = ['a', 'b', 'c'].map((MessageId) => sqsRecord({ MessageId, ReceiptHandle: 'r', Body: '{}' }, 'arn:q'));
const ids = (list: SQSRecord[]) => list.map(({ messageId }) => messageId).join('');

test('a record looks as Lambda shows it', () => {
  const message = {
    MessageId: 'm',
    ReceiptHandle: 'r',
    Body: 'b',
    MD5OfBody: 'md5',
    MD5OfMessageAttributes: 'md5a',
    Attributes: { ApproximateReceiveCount: '2', SentTimestamp: '1', MessageGroupId: 'ep_1' },
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
  };
  expect(sqsRecord(message, 'arn:aws:sqs:us-east-1:000000000000:q')).toEqual({
    messageId: 'm',
    receiptHandle: 'r',
    body: 'b',
    attributes: { ApproximateReceiveCount: '2', SentTimestamp: '1', MessageGroupId: 'ep_1' },
    messageAttributes: { kind: { dataType: 'String', stringValue: 'x', stringListValues: [], binaryListValues: [] } },
    md5OfBody: 'md5',
    md5OfMessageAttributes: 'md5a',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:q',
    awsRegion: 'us-east-1',
  });
});

test.each<[string, unknown, string]>([
  ['nothing', null, 'abc'],
  ['an empty object', {}, 'abc'],
  ['null for the list', { batchItemFailures: null }, 'abc'],
  ['an empty list', { batchItemFailures: [] }, 'abc'],
  ['one failure', { batchItemFailures: [{ itemIdentifier: 'b' }] }, 'ac'],
  ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, ''],
  ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }, ''],
  ['a wrong key', { batchItemFailures: [{ id: 'b' }] }, ''],
  ['an identifier of another batch', { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'z' }] }, ''],
  ['no list', { batchItemFailures: 'b' }, ''],
  ['no object', 'b', ''],
])('batchItemFailures: %s', (_, answer, expected) => {
  expect(ids(succeeded(records, answer, true))).toBe(expected);
});

test('without ReportBatchItemFailures every answer is a success', () => {
  expect(ids(succeeded(records, { batchItemFailures: [{ itemIdentifier: 'b' }] }, false))).toBe('abc');
});

test('a batch is cut where it would outgrow the payload limit', () => {
  const megabyte = 'x'.repeat(1024 * 1024 - 1000);
  const big = Array.from({ length: 10 }, (_, n) => sqsRecord({ MessageId: `${n}`, Body: megabyte }, 'arn:q'));
  expect(fittingBatches(big).map(ids)).toEqual(['012345', '6789']);
  expect(fittingBatches(records).map(ids)).toEqual(['abc']);
  expect(fittingBatches([])).toEqual([]);
});
