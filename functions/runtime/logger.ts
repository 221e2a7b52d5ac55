import { onFirstUse } from '../primitives/once.js';
import { readEnv, stageEnv } from './env.js';

type Details = Readonly<Record<string, unknown>>;

/** Loaded on first use: most execution environments never write a line. */
const powertools = onFirstUse(() => {
  const { Logger } = require('@aws-lambda-powertools/logger') as typeof import('@aws-lambda-powertools/logger');
  const { VERSION } = readEnv(stageEnv);
  return new Logger({ serviceName: 'punctual', persistentKeys: { version: VERSION } });
});

/** Structured lines for CloudWatch. Lines hold ids, never a payload, a header's value or a secret. */
export const logger = {
  info: (message: string, details: Details): void => powertools().info(message, details),
  warn: (message: string, details: Details): void => powertools().warn(message, details),
  error: (message: string, details: Details): void => powertools().error(message, details),
};
