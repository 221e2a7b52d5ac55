import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsFor } from '../../../lib/config.js';
import type { CostReport } from '../costs/report.js';
import { loadOf, type MeasuredLoads, PLANNED_PAYLOAD_BYTES } from './load.js';
import { type Plan, planFor } from './plan.js';
import { planText } from './plan-table.js';

/** The last measurement that was kept. */
const FILE = join(__dirname, 'measured.json');
/** What the plan is for: every delivery takes the most of the API. */
const PLANNED = 'single';

export function saveMeasured(reports: readonly CostReport[]): void {
  const loads = reports.filter(({ payloadBytes }) => payloadBytes === PLANNED_PAYLOAD_BYTES).map(loadOf);
  const measured: MeasuredLoads = { measuredAt: new Date().toISOString().slice(0, 10), loads };
  writeFileSync(FILE, `${JSON.stringify(measured, null, 2)}\n`);
}

/** By the measurement that is kept, and the settings of the stage `prod`. */
export function currentPlan(): { plan: Plan; text: string } {
  const measured = JSON.parse(readFileSync(FILE, 'utf8')) as MeasuredLoads;
  const load = measured.loads.find(({ scenario }) => scenario === PLANNED);
  if (load === undefined) throw new Error(`${FILE} has nothing about ${PLANNED}`);
  const plan = planFor(load, settingsFor('prod'));
  return { plan, text: planText(plan, measured) };
}
