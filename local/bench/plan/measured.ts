import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsFor } from '../../../lib/config.js';
import { synthesize } from '../../../lib/synthesize.js';
import type { CostReport } from '../costs/report.js';
import { SCENARIOS } from '../costs/scenarios.js';
import { type IdlePart, idleParts, totalOf } from './idle.js';
import { type Load, loadOf, type MeasuredLoads, PLANNED_PAYLOAD_BYTES } from './load.js';
import { type Plan, planFor } from './plan.js';
import { planText } from './plan-table.js';

/** The last committed measurement. */
const FILE = join(__dirname, 'measured.json');
/** The page that has the plan between two marks. */
const PAGE = join(__dirname, '../../../docs/scaling.md');
/** The planned scenario, whose deliveries need the API most. */
const PLANNED = 'single';

/** Stores the measurement beside those of other scenarios, and writes the page. */
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
    page.replace(/(?<=<!-- npm run bench -- --plan -->\n).*?(?=\n<!-- end -->)/s, () => `\n${currentPlan().text}\n`),
  );
}

/** The plan, from the stored measurement, and from settings and template of the stage `prod`. */
export function currentPlan(): { plan: Plan; text: string } {
  const idle = { dev: idleOf('dev'), prod: idleOf('prod') };
  const plan = planFor(measuredLoad(PLANNED), settingsFor('prod'), totalOf(idle.prod));
  return { plan, text: planText(plan, kept(), idle) };
}

/** Without the console, whose bucket and distribution cost only what is read. */
function idleOf(preset: 'dev' | 'prod'): IdlePart[] {
  return idleParts(synthesize(settingsFor(preset, { console: false })).template);
}

/** The stored measurement of a scenario. */
export function measuredLoad(name: string): Load {
  const load = kept().loads.find(({ scenario }) => scenario === name);
  if (load === undefined) throw new Error(`${FILE} has nothing about ${name}`);
  return load;
}

function kept(): MeasuredLoads {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}
