import { costTable } from './cost-table.js';
import { type CostReport, costReport, countCost } from './report.js';
import { SCENARIOS } from './scenarios.js';

export interface CostOptions {
  readonly tasks: number;
  /** Names of scenarios; by default all. */
  readonly only?: readonly string[];
  readonly payloadBytes: readonly number[];
  readonly tell: (text: string) => void;
}

/** Most schedules: on a small machine, a fire of more does not fit into a minute. */
const MOST_CRONS = 60;

/** Section 1 of the bench: AWS's bill for a delivery. */
export async function measureCosts({ tasks, only, payloadBytes, tell }: CostOptions): Promise<CostReport[]> {
  const scenarios = SCENARIOS.filter(({ name }) => only?.includes(name) ?? true);
  const reports: CostReport[] = [];
  for (const bytes of payloadBytes) {
    const ofSize: CostReport[] = [];
    for (const scenario of scenarios) {
      const counts = await countCost(scenario, scenario.firesAfterMinutes ? Math.min(tasks, MOST_CRONS) : tasks, bytes);
      ofSize.push(costReport(scenario, bytes, counts));
      console.error(`counted: ${scenario.what}, ${bytes / 1024} KB`);
    }
    tell(costTable(ofSize));
    reports.push(...ofSize);
  }
  return reports;
}
