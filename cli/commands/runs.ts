import type { Command } from 'commander';
import type { Punctual } from '../../clients/typescript/punctual.js';
import { client } from '../credentials.js';
import { CommandFault } from '../exit-codes.js';
import { print, show, table } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

export function runCommands(program: Command): void {
  leaf(program, 'inspect')
    .description('show anything by its id')
    .argument('<id>', 'run_…, ep_…, sch_…, evt_…, att_…, rj_…, dl_…, rp_…, bulk_…')
    .action(async (id: string, options: CommonOptions) => show(options, await found(client(options.profile), id)));
  leaf(program, 'search')
    .description(
      'find anything by the begin of an id, a key, a name or a label, or by a whole event key or Idempotency-Key',
    )
    .argument('<text>', 'run_0199, billing, customer:42, …')
    .action(async (text: string, options: CommonOptions) => {
      const found = await client(options.profile).search(text);
      const rows = found.map(({ kind, id, name, by, created_at }) => [id, kind, by, created_at, name ?? '']);
      print(options, found, rows.length === 0 ? 'Nothing is found.' : table(rows));
    });
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
  bulk: (punctual, id) => punctual.bulkJob(id),
};

export function found(punctual: Punctual, id: string): Promise<object> {
  const find = BY_PREFIX[id.split('_')[0]!];
  if (find === undefined)
    throw new CommandFault(`${id} is no id: ids begin with ${Object.keys(BY_PREFIX).join('_, ')}_.`);
  return find(punctual, id);
}
