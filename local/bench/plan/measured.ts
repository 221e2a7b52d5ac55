import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsFor } from '../../../lib/config.js';
import type { CostReport } from '../costs/report.js';
import { SCENARIOS } from '../costs/scenarios.js';
import { type Load, loadOf, type MeasuredLoads, PLANNED_PAYLOAD_BYTES } from './load.js';
import { type Plan, planFor } from './plan.js';
import { planText } from './plan-table.js';

/** The last measurement that was kept. */
const FILE = join(__dirname, 'measured.json');
/** Has the plan between two marks. */
const PAGE = join(__dirname, '../../../docs/scaling.md');
/** What the plan is for: every delivery takes the most of the API. */
const PLANNED = 'single';

/** Keeps what was measured, beside what was kept of other scenarios, and writes the page by it. */
export function saveMeasured(reports: readonly CostReport[]): void {
  const loads = reports.filter(({ payloadBytes }) => payloadBytes === PLANNED_PAYLOAD_BYTES).map(loadOf);
  const others = kept().loads.filter(({ scenario }) => !loads.some((load) => load.scenario === scenario));
  const position = ({ scenario }: Load) => SCENARIOS.findIndex(({ name }) => name === scenario);
  const measured: MeasuredLoads = {
    measuredAt: new Date().toISOString().slice(0, 10),
    loads: [...loads, ...others].sort((one, other) => position(one) - position(other)),
  };
  writeFileSync(FILE, `${JSON.stringify(measured, null, 2)}\n`);
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(
    PAGE,
    page.replace(/(?<=<!-- npm run bench -- --plan -->\n).*(?=\n<!-- end -->)/s, () => `\n${currentPlan().text}\n`),
  );
}

/** By the measurement that is kept, and the settings of the stage `prod`. */
export function currentPlan(): { plan: Plan; text: string } {
  const measured = kept();
  const load = measured.loads.find(({ scenario }) => scenario === PLANNED);
  if (load === undefined) throw new Error(`${FILE} has nothing about ${PLANNED}`);
  const plan = planFor(load, settingsFor('prod'));
  return { plan, text: planText(plan, measured) };
}

function kept(): MeasuredLoads {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}
