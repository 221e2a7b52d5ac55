import { KIND_DOCUMENTS } from '../../destinations/registry.js';
import { ofDialects } from './dialects.js';

const kinds = Object.values(KIND_DOCUMENTS);

/** What a field's text is, where a rule in words checks it. */
export const formats: Readonly<Record<string, object>> = {
  ...ofDialects('formats'),
  ...Object.assign({}, ...kinds.map(({ formats }) => formats)),
};

/** What a field means: one of this owner (a schema, or the query of a row), or else one of this name anywhere. */
export function noteOn(owner: string, name: string): string | undefined {
  return notes[`${owner}.${name}`] ?? notes[name];
}

/** By the name of a field, where it matters after its owner's. */
export const notes: Readonly<Record<string, string>> = {
  ...ofDialects('notes'),
  ...Object.assign({}, ...kinds.map(({ notes }) => notes)),
  'SchedulePreviewRequest.from': 'Now by default.',
  'GET /v1/stats.from': 'By default 24 hours before the end.',
  'GET /v1/stats.to': 'Now by default.',
  'GET /v1/audit.from': 'From the first entry on by default.',
  'GET /v1/tasks.since': 'Created at this moment or later; of a schedule, due then.',
  'GET /v1/tasks.until': 'Created at this moment or earlier; of a schedule, due then.',
  'NewTask.run_at': 'When its call is due; 0, like neither run_at nor delay_seconds, is now.',
  'NewSchedule.run_at': 'The one moment of a schedule without cron.',
  'NewSchedule.misfire_grace_seconds': 'An occurrence that comes later than this counts as missed. By default 60.',
  'NewTask.endpoint_id': 'Give either endpoint_id or target.',
  'NewSchedule.endpoint_id': 'Give either endpoint_id or target.',
  'NewEndpoint.signing_secret': 'Made where it is left out, and shown in the answer alone.',

  actor: 'Who made the change.',
  attempt_count: 'Attempts that were begun.',
  body: 'Sent byte for byte: as JSON where it is an object or array, else as text, unless the headers name another Content-Type.',
  base_delay_seconds: 'The first delay, of the strategies but custom.',
  before: 'The object as the API showed it, without secrets.',
  after: 'The object as the API showed it, without secrets.',
  complete: 'False while the hour may still change, or has not been counted yet.',
  count: 'How many occurrences to show.',
  cron: 'Five fields, or six with seconds first; names, @daily and the like, L, W, # and ? are taken; 0 and 7 are Sunday. Give either cron or run_at.',
  cursor: 'The next_cursor of an earlier page.',
  delay_seconds: 'Seconds from now; instead of run_at.',
  delays_seconds: 'The delays of the custom strategy, one by one; the last one repeats.',
  disabled_reason: 'In words; null unless the endpoint is disabled.',
  end_at: 'No occurrence after this moment.',
  endpoint_deleted: 'Its endpoint is gone, so that nothing can be replayed.',
  endpoint_id: 'An endpoint; what has none calls an inline target.',
  event_filters:
    'Names of events (invoice.paid), branches (invoice.*), or * for all but job notifications. A request that names job notifications is answered after five seconds; from then on the endpoint misses none.',
  event_key: "The business's own key: searchable, sent along, no deduplication.",
  failing: 'The endpoints with the most attempts that were no success.',
  failing_since: 'Since when every call has failed; null for a healthy endpoint.',
  grace_seconds: 'How long the secret before still signs as well.',
  honor_retry_after: "Whether a receiver's Retry-After may put the next attempt off.",
  jitter: 'full draws each delay evenly from 0 to what the strategy says.',
  jitter_seconds: 'Each run is put off by up to this long, always the same for the same occurrence.',
  key: 'The API key, shown this once.',
  last_four: 'The last four characters of the key.',
  last_used_at: 'At most a minute behind.',
  lateness_ms: 'How long after its due moment the call started.',
  latency_ms: 'From the start of the call to its outcome.',
  max_attempts: 'The first one included.',
  max_concurrency: 'Calls at the same time, over all workers.',
  max_delay_seconds: 'No delay is longer.',
  max_runs: 'The schedule is completed after so many runs.',
  name: '1 to 200 characters, without control characters.',
  misfire_grace_seconds: 'An occurrence that comes later than this counts as missed.',
  misfire_policy:
    'What becomes of occurrences that were missed: one run for all of them, or none. What reached us in time and was handled late is never skipped.',
  next_attempt_at: 'Null unless an attempt is due.',
  next_cursor: 'Null on the last page.',
  operator_key: 'Made when the stack was deployed, and kept in Secrets Manager.',
  overlap_policy: 'What happens while the run before executes.',
  p50: 'Milliseconds, to within five per cent; null of nothing.',
  page: 'Reaches the first 1,000 rows; beyond them, cursor goes on.',
  page_size: '20 unless given.',
  payload:
    'A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. ' +
    'A PATCH replaces it whole.',
  pointer: 'A JSON pointer into the body, or the name of a query parameter or header.',
  rate_limit_per_second: 'Starts of calls; fractions are for less than one a second.',
  request_headers: 'As sent; values that the endpoint sets are shown as ***.',
  response_body: 'Its first 4 KB.',
  retries: 'Calls beyond the first.',
  retry_on_statuses: 'Such as 429 or 5xx; null for every status but 2xx.',
  retry_policy: 'A policy by value, instead of one by its id.',
  run_at: 'When its call is due.',
  runs: 'Occurrences that have got a run so far.',
  sampled: 'A part stands for the whole: of a project with many shards, or of a busy hour that is not complete.',
  shifted: 'Those of the occurrences that a change of the clocks moved.',
  signing_secret:
    'Signs what is sent (Standard Webhooks: the bytes that whsec_ and base64 name, of any other text its own), or for a key the requests; shown this once.',
  signing_key_id: 'The API key that signs the calls, beside the signature of the project.',
  signing_schedules: 'The newest schedules whose calls this key signs, until they are given another one.',
  since: 'Died at this moment or later.',
  source: 'What made the task run.',
  start_at: 'No occurrence before this moment.',
  target: 'An inline endpoint; give either endpoint_id or target.',
  task_counts: 'How many of its task runs are in which state.',
  tasks_cursor: 'Where GET /v1/tasks?event_id= goes on; null when all are shown.',
  timeout_ms: 'For the whole call, from looking the name up to the end of the answer.',
  timezone: 'A name such as Europe/Berlin.',
  until: 'Died at this moment or earlier.',
  upcoming: 'The next five occurrences.',
};
