import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { BulkJob } from '../../components/bulk-job.js';
import { CANCEL, isCancellable } from './run-actions.js';
import type { runFilters } from './run-filters.js';

interface CancelAllProps {
  readonly filters: ReturnType<typeof runFilters>;
  readonly onDone: () => void;
}

/** Cancels all task runs that match the filters of the list and have not ended, in the background. */
export function CancelAll({ filters, onDone }: CancelAllProps) {
  const { api } = useProject();
  const { status, ...matching } = filters;
  if (status && !isCancellable(status)) return null;
  const cancel = (until: string, more: object) =>
    answerOf(api.POST('/v1/tasks/cancel', { body: { ...bodyOf(matching, until), ...more } }));
  return (
    <BulkJob
      of={JSON.stringify(matching)}
      onDone={onDone}
      label="Cancel"
      opener="Cancel all that match…"
      done="cancelled"
      kind="danger"
      what={(count) => (
        <>
          task {count === '1' ? 'run' : 'runs'} {isFiltered(matching) ? 'of these filters' : 'of this project'} that
          have not ended{status && ', whatever their status'}. {CANCEL}
        </>
      )}
      count={(until) => cancel(until, { dry_run: true })}
      begin={(until) => cancel(until, {})}
      callOf={(until) => ({ path: '/v1/tasks/cancel', body: bodyOf(matching, until) })}
    />
  );
}

type Matching = Omit<CancelAllProps['filters'], 'status'>;

const isFiltered = (matching: Matching): boolean => Object.values(matching).some(Boolean);

function bodyOf({ label, until: wanted, ...exact }: Matching, opened: string): Schemas['NewBulkCancel'] {
  const [key = '', ...value] = label?.[0]?.split(':') ?? [];
  const given = Object.entries(exact).filter(([, one]) => one);
  return {
    ...(Object.fromEntries(given) as Schemas['NewBulkCancel']),
    ...(label && { labels: { [key]: value.join(':') } }),
    until: wanted && wanted < opened ? wanted : opened,
  };
}
