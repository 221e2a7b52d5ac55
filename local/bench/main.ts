import { Argument, InvalidArgumentError } from 'commander';
import { command, runCommand, wholeNumber } from '../command.js';
import { clientTable, measureClient } from './code/client-load.js';
import { functionCode } from './code/function-code.js';
import { loadTable } from './code/load-table.js';
import { measureLoad } from './code/load-time.js';
import { SCENARIOS } from './costs/scenarios.js';
import { measureCosts } from './costs/section.js';
import { measureCrowds } from './crowds/section.js';
import { measureProcessorCost } from './deliverer/processor-cost.js';
import { processorTable } from './deliverer/processor-table.js';
import { measureMemory } from './memory/section.js';
import { currentPlan, saveMeasured } from './plan/measured.js';
import { onBenchStack } from './speed/bench-stack.js';
import { measureFanOut } from './speed/fan-out.js';
import { measureLateness } from './speed/lateness.js';
import { fanOutTable, latenessTable, throughputTable } from './speed/speed-table.js';
import { measureThroughput } from './speed/throughput.js';

const numbers = (given: string): number[] => given.split(',').map(wholeNumber(1));

function scenarioNames(given: string): string[] {
  const [names, known] = [given.split(','), SCENARIOS.map(({ name }) => name)];
  if (names.every((name) => known.includes(name))) return names;
  throw new InvalidArgumentError(`It must be of ${known.join(', ')}.`);
}

interface Options {
  readonly tasks?: number;
  readonly scenarios?: readonly string[];
  readonly payloads: readonly number[];
  readonly batch: number;
  readonly receiver: number;
  readonly fires: number;
  readonly seconds: number;
  readonly endpoints: number;
  readonly plan?: boolean;
  readonly save?: boolean;
  readonly json?: boolean;
}

type Section = (options: Options, tell: (text: string) => void) => Promise<unknown>;

/** The sections by name. Each section prints its tables and returns its part of the JSON. */
const SECTIONS: Readonly<Record<string, Section>> = {
  costs: async ({ tasks = 200, payloads, scenarios, save }, tell) => {
    const reports = await measureCosts({
      tasks,
      payloadBytes: payloads.map((kilobytes) => kilobytes * 1024),
      ...(scenarios !== undefined && { only: scenarios }),
      tell,
    });
    if (save) saveMeasured(reports);
    return reports;
  },
  speed: ({ tasks = 5000, batch, receiver }, tell) =>
    onBenchStack(async (bench) => {
      const report = await measureThroughput(bench, { tasks, batch, receiverMs: receiver });
      tell(throughputTable(report));
      return report;
    }),
  lateness: ({ fires, seconds }, tell) =>
    onBenchStack(async (bench) => {
      const reports = await measureLateness(bench, { firesPerSecond: fires, seconds });
      for (const report of reports) tell(latenessTable(report));
      return reports;
    }),
  'fan-out': ({ endpoints }, tell) =>
    onBenchStack(async (bench) => {
      const report = await measureFanOut(bench, endpoints);
      tell(fanOutTable(report));
      return report;
    }),
  deliverer: async ({ tasks = 1000 }, tell) => {
    const report = await measureProcessorCost(tasks);
    tell(processorTable(report));
    return report;
  },
  crowds: async ({ save }, tell) => measureCrowds({ save, tell }),
  memory: ({ tasks = 500, save }, tell) => measureMemory(tasks, { save, tell }),
  code: async (_options, tell) => {
    const reports = (await functionCode()).map(measureLoad);
    tell(loadTable(reports));
    return reports;
  },
  client: async (_options, tell) => {
    const report = measureClient();
    tell(clientTable(report));
    return report;
  },
};
/** The sections that run when no section is named. */
const USUAL = ['costs', 'speed', 'lateness', 'deliverer', 'code'];

const bench = command(
  'npm run bench',
  "Measures what deliveries cost and take, in units of AWS's bill, on this machine, and in code to load.",
)
  .addArgument(
    new Argument('[sections...]', `what to measure (default: ${USUAL.join(', ')})`).choices(Object.keys(SECTIONS)),
  )
  .option('--tasks <number>', 'tasks of each scenario, and of the throughput', wholeNumber(1))
  .option('--scenarios <names>', 'of the costs: names of scenarios, with commas between', scenarioNames)
  .option('--payloads <kilobytes>', 'of the costs: kilobytes of payload, with commas between', numbers, [1, 16])
  .option('--batch <number>', 'of the throughput: tasks per request; 1 makes single POSTs', wholeNumber(1), 100)
  .option('--receiver <ms>', 'of the throughput: milliseconds that the receiver takes', wholeNumber(), 0)
  .option('--fires <number>', 'of the lateness: schedules that fire so often a second', wholeNumber(1), 50)
  .option('--seconds <number>', 'of the lateness: for so many seconds', wholeNumber(1), 20)
  .option('--endpoints <number>', 'of the fan-out: endpoints that listen to one event', wholeNumber(1), 1000)
  .option('--plan', 'tell what binds and costs at which rate, by the measurement that is committed; measure nothing')
  .option(
    '--save',
    'keep the costs of 1 KB as the measurement that the plan goes by; write crowds or memory into the page',
  )
  .option('--json', 'print JSON alone on stdout');

async function main(options: Options, sections: readonly string[]): Promise<void> {
  process.env['TZ'] = 'UTC';
  const { plan, json } = options;
  if (plan) return console.log(json ? JSON.stringify(currentPlan().plan, null, 2) : currentPlan().text);
  const tell = json ? console.error : console.log;
  const results: Record<string, unknown> = {};
  for (const name of sections.length > 0 ? sections : USUAL) {
    tell(`\n${name}`);
    results[name] = await SECTIONS[name]!(options, tell);
  }
  if (json) console.log(JSON.stringify(results, null, 2));
  process.exit(0);
}

runCommand(bench, main);
