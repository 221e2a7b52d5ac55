import * as z from 'zod';
import { moment } from '../../core/moment-schema.js';
import { CSV_COLUMNS } from '../routes/deliveries.js';
import type { JsonSchema } from './json-schema.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** What the schemas that validate cannot say of themselves, by name. */
export const writtenSchemas: Readonly<Record<string, JsonSchema>> = {
  Moment: {
    description: 'A time as it is sent. It goes out in the first of the two forms, in UTC with milliseconds.',
    oneOf: [ref('DateTime'), ref('UnixSeconds')],
  },
  DateTime: { type: 'string', format: 'date-time', description: 'ISO 8601 with its offset.' },
  UnixSeconds: {
    ...secondsOfMoments(),
    description: 'Unix seconds, not milliseconds; a fraction is kept to the millisecond.',
  },
  DeliveryAttemptCsv: {
    type: 'string',
    contentMediaType: 'text/csv',
    description: `RFC 4180: a line that names the columns, and one line for each delivery attempt. The columns: ${CSV_COLUMNS.join(', ')}.`,
  },
  AuditLines: {
    type: 'string',
    contentMediaType: 'application/x-ndjson',
    contentSchema: ref('AuditEntry'),
    description: 'One AuditEntry as JSON on each line.',
  },
};

/** The bounds of what `moment` takes. */
function secondsOfMoments(): JsonSchema {
  const { anyOf } = z.toJSONSchema(moment, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const { minimum, maximum } = anyOf.find(({ type }: JsonSchema) => type === 'number');
  return { type: 'number', format: 'double', minimum, maximum };
}
