import { KIND_DOCUMENTS } from '../../destinations/registry.js';
import { type Notes, notes as shared } from '../../fields/shown-values.js';
import { notes as alarms } from '../../subjects/alarms/alarm-answers.js';
import { notes as audit } from '../../subjects/audit/audit-answers.js';
import { notes as bulkJobs } from '../../subjects/bulk-jobs/bulk-job-answers.js';
import { notes as deadLetters } from '../../subjects/dead-letters/dead-letter-answers.js';
import { notes as endpoints } from '../../subjects/endpoints/endpoint-answers.js';
import { notes as events } from '../../subjects/events/event-answers.js';
import { notes as feed } from '../../subjects/feed/feed-answers.js';
import { notes as listeners } from '../../subjects/listeners/listener-answers.js';
import { notes as projects } from '../../subjects/projects/project-answers.js';
import { notes as search } from '../../subjects/projects/search-answers.js';
import { notes as retryPolicies } from '../../subjects/retry-policies/retry-policy-answers.js';
import { notes as schedules } from '../../subjects/schedules/schedule-answers.js';
import { notes as sessions } from '../../subjects/sessions/session-answers.js';
import { notes as stats } from '../../subjects/stats/stats-answers.js';
import { notes as taskRuns } from '../../subjects/task-runs/task-run-answers.js';
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
export const notes: Notes = {
  ...shared,
  ...alarms,
  ...audit,
  ...taskRuns,
  ...feed,
  ...schedules,
  ...endpoints,
  ...listeners,
  ...events,
  ...retryPolicies,
  ...deadLetters,
  ...bulkJobs,
  ...projects,
  ...search,
  ...sessions,
  ...stats,
  ...ofDialects('notes'),
  ...Object.assign({}, ...kinds.map(({ notes }) => notes)),
};
