import type { Schemas } from '../../api/client.js';
import { Field } from '../../components/field.js';
import { FilterField } from '../../components/filter-field.js';
import { Filters } from '../../components/filters.js';
import { localInput, momentOrNull } from '../../components/form-values.js';
import { SelectField, wordOptions } from '../../components/select-field.js';
import { VIEWERS_ZONE } from '../../components/zones.js';
import { usePlace } from '../../shell/location.js';
import { NameChoice } from './name-choice.js';

const STATUSES: readonly Schemas['RunStatus'][] = [
  'pending',
  'running',
  'retry_scheduled',
  'success',
  'dead_letter',
  'cancelled',
  'skipped',
];

/** The filters of the list, as the page's address has them. */
export function runFilters(query: Readonly<Record<string, string | undefined>>) {
  const { status, endpoint_id, schedule_id, event_id, event_key, label, since, until } = query;
  const exact = { endpoint_id, schedule_id, event_id, event_key, label: label ? [label] : undefined };
  return { status: status as Schemas['RunStatus'] | undefined, ...exact, since, until };
}

/** Whether a new task run belongs to the list, as far as the run itself tells: the key of its event it does not. */
export function fitsFilters(run: Schemas['TaskRun'], filters: ReturnType<typeof runFilters>): boolean {
  const { status, endpoint_id, schedule_id, event_id, event_key, label = [], since, until } = filters;
  return (
    event_key === undefined &&
    (status ?? run.status) === run.status &&
    (endpoint_id ?? run.endpoint_id) === run.endpoint_id &&
    (schedule_id ?? event_id ?? run.source.id) === run.source.id &&
    label.every((text) => Object.entries(run.labels).some(([name, value]) => `${name}:${value}` === text)) &&
    (since === undefined || run.created_at >= since) &&
    (until === undefined || run.created_at <= until)
  );
}

const NAMES = ['status', 'endpoint_id', 'schedule_id', 'event_id', 'event_key', 'label', 'since', 'until'];

export function RunFilters() {
  const { query, filterByField: change } = usePlace();
  return (
    <Filters names={NAMES}>
      <SelectField
        name="status"
        label="Status"
        options={wordOptions(STATUSES)}
        value={query['status']}
        none="any"
        onChange={change}
      />
      <NameChoice name="endpoint_id" label="Endpoint" collection="endpoints" onChange={change} />
      <NameChoice name="schedule_id" label="Schedule" collection="schedules" onChange={change} />
      <FilterField name="event_id" label="Event" placeholder="evt_…" />
      <FilterField name="event_key" label="Event key, whole" placeholder="inv_123" />
      <FilterField name="label" label="Label, whole" placeholder="customer:42" />
      <MomentFilter name="since" label={`Created since (${VIEWERS_ZONE})`} />
      <MomentFilter name="until" label={`Created until (${VIEWERS_ZONE})`} />
    </Filters>
  );
}

/** A filter by a moment, shown in the viewer's zone and kept in the address in UTC. */
function MomentFilter({ name, label }: { readonly name: string; readonly label: string }) {
  const { query, filter } = usePlace();
  const change = (event: Event) => {
    const { value } = event.currentTarget as HTMLInputElement;
    filter({ [name]: momentOrNull(value) ?? undefined, cursor: undefined });
  };
  return <Field name={name} label={label} type="datetime-local" value={localInput(query[name])} onChange={change} />;
}
