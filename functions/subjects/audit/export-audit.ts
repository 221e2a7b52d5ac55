const DAY_MS = 24 * 60 * 60 * 1000;
/** DynamoDB's backups, from which an export is made, are some minutes behind. */
const SETTLED_MS = 15 * 60_000;
/** The backups reach back 35 days. */
const REACH_MS = 34 * DAY_MS;

/** The last export of the audit's table. Times are Unix milliseconds. */
export interface AuditExport {
  /** Raised by every write; a write is conditional on the version that was read. */
  readonly version: number;
  readonly export_arn: string;
  /** What was written from then on. Absent: all that there was. */
  readonly from?: number;
  readonly until: number;
}

export interface AuditExports {
  /** Strongly consistent. */
  last(): Promise<AuditExport | undefined>;
  /** Replaces the export of the version before, or puts the first one. */
  put(last: AuditExport): Promise<boolean>;
  state(last: AuditExport): Promise<'running' | 'completed' | { readonly failure: string }>;
  /** Starts an export, and answers its ARN; a repeat with the same version starts no other one. */
  start(version: number, from: number, until: number): Promise<string>;
  /** Starts an export of all, and answers until when. */
  startWhole(): Promise<{ readonly export_arn: string; readonly until: number }>;
}

interface ExportPorts {
  readonly auditExports: AuditExports;
  readonly clock: { now(): number };
  onFailure(what: { readonly row: string }, error: unknown): void;
}

/**
 * Has DynamoDB export the audit's table: at first all of it, then what was added in each 24 hours. The next export begins
 * where the last one ended, once that one is complete. One that failed is made again.
 */
export async function exportAudit({ auditExports, clock, onFailure }: ExportPorts): Promise<void> {
  const last = await auditExports.last();
  const version = (last?.version ?? 0) + 1;
  const now = clock.now();
  if (last === undefined || now - last.until > REACH_MS)
    return void (await auditExports.put({ version, ...(await auditExports.startWhole()) }));
  const state = await auditExports.state(last);
  if (state === 'running') return;
  const hasFailed = state !== 'completed';
  if (hasFailed) onFailure({ row: last.export_arn }, new Error(`The export of the audit failed: ${state.failure}`));
  if (hasFailed && last.from === undefined)
    return void (await auditExports.put({ version, ...(await auditExports.startWhole()) }));
  const from = hasFailed ? last.from! : last.until;
  const until = hasFailed ? last.until : from + DAY_MS;
  if (now < until + SETTLED_MS) return;
  await auditExports.put({ version, export_arn: await auditExports.start(version, from, until), from, until });
}
