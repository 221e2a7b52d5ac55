import { parseArgs } from 'node:util';
import { functionCode } from './code/function-code.js';
import { loadTable } from './code/load-table.js';
import { measureLoad } from './code/load-time.js';
import { measureCosts } from './costs/section.js';
import { measureProcessorCost } from './deliverer/processor-cost.js';
import { processorTable } from './deliverer/processor-table.js';
import { currentPlan, saveMeasured } from './plan/measured.js';
import { onBenchStack } from './speed/bench-stack.js';
import { measureFanOut } from './speed/fan-out.js';
import { measureLateness } from './speed/lateness.js';
import { fanOutTable, latenessTable, throughputTable } from './speed/speed-table.js';
import { measureThroughput } from './speed/throughput.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Tasks of each scenario, and of the throughput. */
    tasks: { type: 'string' },
    /** Of the costs: names of scenarios, with commas between. */
    scenarios: { type: 'string' },
    /** Of the costs: kilobytes of payload, with commas between. */
    payloads: { type: 'string', default: '1,16' },
    /** Of the throughput: tasks per request; 1 makes single POSTs. */
    batch: { type: 'string', default: '100' },
    /** Of the throughput: milliseconds that the receiver takes. */
    receiver: { type: 'string', default: '0' },
    /** Of the lateness: schedules that fire so often a second, for so many seconds. */
    fires: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    /** Of the fan-out: endpoints that listen to one event. */
    endpoints: { type: 'string', default: '1000' },
    /** Prints what binds and costs at which rate, by the measurement that is committed; measures nothing. */
    plan: { type: 'boolean', default: false },
    /** Keeps the costs of 1 KB as the measurement that the plan goes by. */
    save: { type: 'boolean', default: false },
    /** JSON alone on stdout. */
    json: { type: 'boolean', default: false },
  },
});

const tell = values.json ? console.error : console.log;

/** The sections by their names. Each tells its tables, and answers what goes into the JSON. */
const SECTIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  costs: async () => {
    const reports = await measureCosts({
      tasks: Number(values.tasks ?? 200),
      payloadBytes: values.payloads.split(',').map((kilobytes) => Number(kilobytes) * 1024),
      ...(values.scenarios !== undefined && { only: values.scenarios.split(',') }),
      tell,
    });
    if (values.save) saveMeasured(reports);
    return reports;
  },
  speed: () =>
    onBenchStack(async (bench) => {
      const load = {
        tasks: Number(values.tasks ?? 5000),
        batch: Number(values.batch),
        receiverMs: Number(values.receiver),
      };
      const report = await measureThroughput(bench, load);
      tell(throughputTable(report));
      return report;
    }),
  lateness: () =>
    onBenchStack(async (bench) => {
      const fires = { firesPerSecond: Number(values.fires), seconds: Number(values.seconds) };
      const reports = await measureLateness(bench, fires);
      for (const report of reports) tell(latenessTable(report));
      return reports;
    }),
  'fan-out': () =>
    onBenchStack(async (bench) => {
      const report = await measureFanOut(bench, Number(values.endpoints));
      tell(fanOutTable(report));
      return report;
    }),
  deliverer: async () => {
    const report = await measureProcessorCost(Number(values.tasks ?? 1000));
    tell(processorTable(report));
    return report;
  },
  code: async () => {
    const reports = (await functionCode()).map(measureLoad);
    tell(loadTable(reports));
    return reports;
  },
};
/** What is measured when no section is named. */
const USUAL = ['costs', 'speed', 'lateness', 'deliverer', 'code'];

/** `npm run bench`: what deliveries cost and take, in units of AWS's bill, on this machine, and in code to load. */
async function main(): Promise<void> {
  process.env['TZ'] = 'UTC';
  if (values.plan) return console.log(values.json ? JSON.stringify(currentPlan().plan, null, 2) : currentPlan().text);
  const results: Record<string, unknown> = {};
  for (const name of positionals.length > 0 ? positionals : USUAL) {
    const section = SECTIONS[name];
    if (section === undefined) throw new Error(`there is no section ${name}, but ${Object.keys(SECTIONS).join(', ')}`);
    tell(`\n${name}`);
    results[name] = await section();
  }
  if (values.json) console.log(JSON.stringify(results, null, 2));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
