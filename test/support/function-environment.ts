/** The environment variables that every function has, as the stage dev would set them. */
export const FUNCTION_ENVIRONMENT = {
  STAGE: 'dev',
  VERSION: '1',
  RETENTION_DAYS: '30',
  ALLOW_HTTP: 'false',
  ALLOW_LOOPBACK: 'false',
  MAX_HOPS: '500',
  AUDIT_DELIVERIES: 'false',
};
