/** An alarm of the stage, as CloudWatch has it. */
export interface StageAlarm {
  /** Without the stage: `Api5xx`. */
  readonly name: string;
  /** `urgent`: work waits, or may be lost. `notice`: to be looked at on the next working day. */
  readonly severity: 'urgent' | 'notice';
  readonly state: 'ok' | 'alarm' | 'insufficient_data';
  /** Unix milliseconds. */
  readonly since: number;
  /** In CloudWatch's words. */
  readonly reason: string;
  /** Heading of the section in the runbook. */
  readonly meaning: string;
  /** The section's anchor in the runbook. */
  readonly section: string;
}

/** Up to half a minute old. */
export type ReadAlarms = () => Promise<readonly StageAlarm[]>;
