import { Logger } from '@aws-lambda-powertools/logger';

/** Structured lines for CloudWatch. Never a payload, a header's value or a secret: ids only. */
export const logger = new Logger({ serviceName: 'punctual' });
