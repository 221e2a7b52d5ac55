/** Types of the lines of an export, in their order. */
export const EXPORT_TYPES = [
  'project',
  'api_key',
  'retry_policy',
  'endpoint',
  'schedule',
  'event',
  'task_run',
  'delivery_attempt',
  'dead_letter',
] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];
