import { onFirstUse } from '../core/on-first-use.js';

type Details = Readonly<Record<string, unknown>>;

/** Most execution environments never write a line. */
const powertools = onFirstUse(() => {
  const { Logger } = require('@aws-lambda-powertools/logger') as typeof import('@aws-lambda-powertools/logger');
  return new Logger({ serviceName: 'punctual' });
});

/** Structured lines for CloudWatch. Never a payload, a header's value or a secret: ids only. */
export const logger = {
  info: (message: string, details: Details): void => powertools().info(message, details),
  warn: (message: string, details: Details): void => powertools().warn(message, details),
  error: (message: string, details: Details): void => powertools().error(message, details),
};
