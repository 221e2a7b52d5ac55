import type { Command } from 'commander';
import type { Punctual } from '../../clients/typescript/punctual.js';
import { client } from '../credentials.js';
import { CommandFault } from '../exit-codes.js';
import { print, show, status } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

interface ReplayOptions extends CommonOptions {
  readonly all?: boolean;
  readonly endpoint?: string;
  readonly reason?: string;
  readonly since?: string;
}

export function runCommands(program: Command): void {
  leaf(program, 'inspect')
    .description('show anything by its id')
    .argument('<id>', 'run_…, ep_…, sch_…, evt_…, att_…, rj_…, dl_…, rp_…, bulk_…')
    .action(async (id: string, options: CommonOptions) => show(options, await found(client(options.profile), id)));
  leaf(program, 'cancel')
    .description('cancel a task run that has not ended')
    .argument('<id>', 'run_…')
    .action(async (id: string, options: CommonOptions) => {
      const run = await client(options.profile).tasks.cancel(id);
      print(options, run, `${run.id}  ${status(run.status)}`);
    });
  leaf(program, 'replay')
    .description('deliver a dead run again, or with --all every open dead letter that matches')
    .argument('[id]', 'dl_… or its run, run_…')
    .option('--all', 'all open dead letters that the options below match')
    .option('--endpoint <id>', 'of this endpoint')
    .option('--reason <reason>', 'with this reason, as attempts_exhausted')
    .option('--since <moment>', 'died at this moment or later')
    .action(replay);
}

async function replay(id: string | undefined, options: ReplayOptions): Promise<void> {
  const { deadLetters } = client(options.profile);
  if ((id === undefined) === !options.all) throw new CommandFault('Name one dead letter (dl_…), or say --all.');
  if (id !== undefined) {
    const run = await deadLetters.replay(id.replace(/^run_/, 'dl_'));
    return print(options, run, `${run.id}  ${status(run.status)}`);
  }
  const { endpoint, reason, since } = options;
  const job = await deadLetters.replayAll({
    ...(endpoint !== undefined && { endpoint_id: endpoint }),
    ...(reason !== undefined && { reason: reason as 'attempts_exhausted' }),
    ...(since !== undefined && { since }),
  });
  print(options, job, `${job.id}  ${status(job.status)}  punctual inspect ${job.id} shows how far it is`);
}

type Finder = (punctual: Punctual, id: string) => Promise<object>;

const BY_PREFIX: Readonly<Record<string, Finder>> = {
  run: ({ tasks }, id) => tasks.get(id),
  ep: ({ endpoints }, id) => endpoints.get(id),
  sch: ({ schedules }, id) => schedules.get(id),
  evt: ({ events }, id) => events.get(id),
  ntf: ({ events }, id) => events.get(id),
  att: ({ deliveries }, id) => deliveries.get(id),
  rj: ({ retryJobs }, id) => retryJobs.get(id),
  dl: ({ deadLetters }, id) => deadLetters.get(id),
  rp: ({ retryPolicies }, id) => retryPolicies.get(id),
  bulk: ({ deadLetters }, id) => deadLetters.replayJob(id),
};

function found(punctual: Punctual, id: string): Promise<object> {
  const find = BY_PREFIX[id.split('_')[0]!];
  if (find === undefined)
    throw new CommandFault(`${id} is no id: ids begin with ${Object.keys(BY_PREFIX).join('_, ')}_.`);
  return find(punctual, id);
}
