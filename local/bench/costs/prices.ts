interface Price {
  readonly dollars: number;
  /** Number of units for which the price holds. */
  readonly per: number;
  readonly what: string;
}

const MILLION = 1_000_000;
const GIGABYTE = 2 ** 30;

/** AWS's prices of a delivery: list prices, no free tiers, us-east-1, November 2026 (the services' pricing pages). */
export const PRICES = {
  apiRequests: { dollars: 1, per: MILLION, what: 'HTTP API requests' },
  functionRequests: { dollars: 0.2, per: MILLION, what: 'function requests' },
  gbSeconds: { dollars: 0.0000133334, per: 1, what: 'GB-seconds (arm64)' },
  sqsRequests: { dollars: 0.4, per: MILLION, what: 'SQS requests' },
  fairRequests: { dollars: 0.1, per: MILLION, what: 'fair queue surcharge' },
  writeUnits: { dollars: 0.625, per: MILLION, what: 'DynamoDB write units' },
  readUnits: { dollars: 0.125, per: MILLION, what: 'DynamoDB read units' },
  schedulerInvocations: { dollars: 1, per: MILLION, what: 'Scheduler invocations' },
  logBytes: { dollars: 0.5, per: GIGABYTE, what: 'log bytes' },
} as const satisfies Record<string, Price>;

/** Prices counted separately: they depend on the retention, and on the called receiver. */
export const PRICES_APART = {
  storedBytes: { dollars: 0.25, per: GIGABYTE, what: 'bytes kept for 30 days' },
  egressBytes: { dollars: 0.09, per: GIGABYTE, what: 'bytes sent to endpoints' },
} as const satisfies Record<string, Price>;

/** Prices of 30 days, which do not depend on deliveries (CloudWatch's, Secrets Manager's and Lambda's pricing pages). */
export const PRICES_BY_THE_MONTH = {
  alarmMetric: 0.1,
  dashboard: 3,
  customMetric: 0.3,
  secret: 0.4,
  /** A provisioned poller. */
  pollerKept: 0.00925 * 24 * 30,
} as const;

/** Prices of what makes room for a crowd (Lambda's and DynamoDB's pricing pages). */
export const PRICES_OF_ROOM = {
  /** A provisioned poller of an SQS queue, an hour. */
  pollerHour: 0.00925,
  /** A write a second of warm throughput above what the table has, once: what a provisioned write unit costs an hour. */
  warmWrite: 0.00065,
} as const;

/** An API Gateway request is billed for each started 512 KB, an SQS request for each started 64 KB of its messages. */
export const API_CHUNK_BYTES = 512 * 1024;
export const SQS_CHUNK_BYTES = 64 * 1024;
/** CloudWatch Logs bills this many bytes more for each line. */
export const LOG_LINE_BYTES = 26;
/** Lambda's two JSON lines per invocation: `platform.start` with some 120 bytes, `platform.report` with some 300. */
export const INVOCATION_LINES_BYTES = 120 + 300 + 2 * LOG_LINE_BYTES;
/** DynamoDB bills storage of this many bytes more for each item and each index entry. */
export const STORED_ITEM_BYTES = 100;
/** Lambda gives a function one processor's time at this much memory, and in proportion below. */
export const ONE_PROCESSOR_MB = 1769;
