import { invalidValue, SqsError } from './errors.js';

/** Redrive policy: the DLQ of messages that were received `maxReceiveCount` times and not deleted. */
export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** The settings of a queue. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  readonly maximumMessageBytes: number;
  readonly redrive?: Redrive;
  /** Attributes that are stored and shown without effect: policies and encryption. */
  readonly inert: Readonly<Record<string, string>>;
}

export const DEFAULT_SETTINGS: QueueSettings = {
  visibilityTimeoutSeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 345_600,
  receiveWaitSeconds: 0,
  maximumMessageBytes: 1_048_576,
  inert: { SqsManagedSseEnabled: 'true' },
};

type NumericSetting = Exclude<keyof QueueSettings, 'redrive' | 'inert'>;

/** Attribute name, our setting, and SQS's range. */
const NUMERIC: Readonly<Record<string, readonly [NumericSetting, min: number, max: number]>> = {
  VisibilityTimeout: ['visibilityTimeoutSeconds', 0, 43_200],
  DelaySeconds: ['delaySeconds', 0, 900],
  MessageRetentionPeriod: ['retentionSeconds', 60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: ['receiveWaitSeconds', 0, 20],
  MaximumMessageSize: ['maximumMessageBytes', 1_024, 1_048_576],
};

const INERT = new Set([
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'Policy',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
]);

/**
 * `settings` changed by the attributes of a CreateQueue call. An empty RedrivePolicy or Policy removes the policy.
 * Throws InvalidAttributeName, InvalidAttributeValue or InvalidParameterValue.
 */
export function withAttributes(settings: QueueSettings, attributes: Readonly<Record<string, string>>): QueueSettings {
  return Object.entries(attributes).reduce((changed, [name, value]) => withAttribute(changed, name, value), settings);
}

function withAttribute(settings: QueueSettings, name: string, value: string): QueueSettings {
  const numeric = NUMERIC[name];
  if (numeric) return { ...settings, [numeric[0]]: numberIn(name, value, numeric[1], numeric[2]) };
  if (name === 'RedrivePolicy') return withRedrive(settings, value);
  if (!INERT.has(name)) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  const { [name]: _replaced, ...others } = settings.inert;
  return { ...settings, inert: value === '' ? others : { ...others, [name]: value } };
}

function withRedrive(settings: QueueSettings, policy: string): QueueSettings {
  const { redrive: _replaced, ...others } = settings;
  return policy === '' ? others : { ...others, redrive: parseRedrive(policy) };
}

function parseRedrive(policy: string): Redrive {
  const { deadLetterTargetArn, maxReceiveCount } = parseObject(policy);
  if (typeof deadLetterTargetArn !== 'string' || !/^arn:aws:sqs:[^:]+:\d{12}:[^:]+$/.test(deadLetterTargetArn))
    throw invalidValue('RedrivePolicy', policy, 'Invalid value for deadLetterTargetArn.');
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw invalidValue('RedrivePolicy', policy, 'Invalid value for maxReceiveCount: must be between 1 and 1000.');
  return { deadLetterTargetArn, maxReceiveCount: count };
}

function parseObject(policy: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(policy);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {}
  throw invalidValue('RedrivePolicy', policy, 'Redrive policy is not a valid JSON map.');
}

function numberIn(name: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max)
    throw new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
  return number;
}

/** The settings as SQS attributes. */
export function toAttributes(settings: QueueSettings): Record<string, string> {
  const numeric = Object.entries(NUMERIC).map(([name, [setting]]) => [name, String(settings[setting])]);
  return {
    ...Object.fromEntries(numeric),
    ...(settings.redrive && { RedrivePolicy: JSON.stringify(settings.redrive) }),
    ...settings.inert,
  };
}
