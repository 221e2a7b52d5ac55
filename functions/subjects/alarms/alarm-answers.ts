import * as z from 'zod';
import { type Notes, shownTime } from '../../fields/shown-values.js';

const alarmSchema = z.strictObject({
  name: z.string(),
  severity: z.enum(['urgent', 'notice']),
  state: z.enum(['ok', 'alarm', 'insufficient_data']),
  since: shownTime,
  reason: z.string(),
  meaning: z.string(),
  runbook: z.string(),
});
export type ShownAlarm = z.infer<typeof alarmSchema>;

export const alarmsSchema = z.strictObject({ watched: z.boolean(), data: z.array(alarmSchema) });

/** What fields of alarms mean, for the API's page. */
export const notes: Notes = {
  watched: 'Whether CloudWatch watches this stage; the local stack has no alarms.',
  severity: 'urgent: work waits, or may be lost. notice: to be looked at on the next working day.',
  'Alarms.since': 'The alarm has been in this state since.',
  'Alarms.reason': "CloudWatch's reason for the state.",
  meaning: 'What it means when the alarm rings: a heading of the runbook.',
  runbook: "What to do when the alarm rings: a path beside the console's.",
};
