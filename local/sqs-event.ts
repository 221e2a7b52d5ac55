import type { Message } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { MAX_PAYLOAD_BYTES } from './function-pool.js';
import { REGION } from './template.js';

/** A received message as Lambda passes it to a function. */
export function sqsRecord(message: Message, queueArn: string): SQSRecord {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
    name,
    {
      ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
      ...(value.BinaryValue !== undefined && { binaryValue: value.BinaryValue }), // base64 in both protocols
      stringListValues: [],
      binaryListValues: [],
      dataType: value.DataType,
    },
  ]);
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: (message.Attributes ?? {}) as unknown as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(attributes),
    ...(message.MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: REGION,
  };
}

/** Splits a batch whose event would exceed Lambda's payload limit. */
export function fittingBatches(records: readonly SQSRecord[]): SQSRecord[][] {
  const batches: SQSRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1;
    if (size > room || batches.length === 0) {
      batches.push([]);
      room = MAX_PAYLOAD_BYTES - '{"Records":[]}'.length;
    }
    batches.at(-1)!.push(record);
    room -= size;
  }
  return batches;
}

/**
 * The records of a batch that succeeded, by the function's answer. With ReportBatchItemFailures an absent answer or an
 * empty list means that all succeeded. An identifier that is empty, missing or not in the batch, or an answer of
 * another form, means that none did (Lambda developer guide, "Reporting batch item failures").
 */
export function succeeded(records: readonly SQSRecord[], answer: unknown, reportsFailures: boolean): SQSRecord[] {
  if (!reportsFailures || answer === null || answer === undefined) return [...records];
  if (typeof answer !== 'object') return [];
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return [];
  const failed = new Set(failures.map((failure) => failure?.itemIdentifier));
  const known = new Set(records.map(({ messageId }) => messageId));
  if ([...failed].some((identifier) => !known.has(identifier))) return [];
  return records.filter(({ messageId }) => !failed.has(messageId));
}
