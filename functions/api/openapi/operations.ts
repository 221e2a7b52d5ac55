import type { ComponentName } from './components.js';
import { ofDialects } from './dialects.js';

/** The document's facts about a row of the API that the row itself does not have. */
export interface Operation {
  readonly id: string;
  /** Name of the schema of the row's body. */
  readonly takes?: string;
  /** Successful answers, by status. */
  readonly gives: Readonly<Record<number, Given>>;
  /** Refusals beyond those that follow from the row. */
  readonly refuses?: readonly number[];
}

/** A component as JSON, null for no body, or other media types. */
export type Given = ComponentName | null | { readonly [mediaType: string]: ComponentName | 'text' };

/** Every row of the API, by method and path. */
export const operations: Readonly<Record<string, Operation>> = {
  ...(ofDialects('operations') as Readonly<Record<string, Operation>>),

  'GET /v1/healthz': { id: 'getHealth', gives: { 200: 'Health' } },
  'GET /llms.txt': { id: 'getAgentGuide', gives: { 200: { 'text/plain': 'text' }, 304: null } },
  'GET /openapi.json': { id: 'getOpenApiDocument', gives: { 200: { 'application/json': 'text' }, 304: null } },
  'GET /docs': { id: 'getDocumentationPage', gives: { 200: { 'text/html': 'text' }, 304: null } },
  'POST /v1/sessions': { id: 'signIn', takes: 'Credentials', gives: { 200: 'StartedSession' }, refuses: [401, 403] },
  'POST /v1/projects/{id}/portal': { id: 'createPortalLink', takes: 'NewPortalLink', gives: { 201: 'PortalLink' } },
  'POST /v1/sessions/link': { id: 'createConsoleLink', gives: { 201: 'ConsoleLink' } },
  'GET /v1/sessions': { id: 'listSessions', gives: { 200: 'SessionList' } },
  'DELETE /v1/sessions': { id: 'revokeSessions', gives: { 204: null }, refuses: [404] },
  'GET /v1/sessions/{id}': { id: 'getSession', gives: { 200: 'Session' } },
  'DELETE /v1/sessions/{id}': { id: 'revokeSession', gives: { 204: null } },
  'GET /v1/sign-in': { id: 'getWaysToSignIn', gives: { 200: 'WaysToSignIn' } },
  'POST /v1/sign-in': {
    id: 'signInAtProvider',
    takes: 'NewSignIn',
    gives: { 200: 'SignInUnderWay' },
    refuses: [403, 404, 502],
  },
  'GET /v1/sign-in/callback': {
    id: 'getSignInCallback',
    gives: { 303: null, 403: { 'text/html': 'text' }, 502: { 'text/html': 'text' } },
    refuses: [404],
  },

  'POST /v1/projects': { id: 'createProject', takes: 'NewProject', gives: { 201: 'ProjectWithSecret' } },
  'GET /v1/projects': { id: 'listProjects', gives: { 200: 'ProjectList' } },
  'GET /v1/projects/{id}': { id: 'getProject', gives: { 200: 'Project' } },
  'PATCH /v1/projects/{id}': { id: 'updateProject', takes: 'ProjectPatch', gives: { 200: 'Project' } },
  'DELETE /v1/projects/{id}': { id: 'deleteProject', gives: { 202: 'Project' } },
  'GET /v1/projects/{id}/export': {
    id: 'getProjectExport',
    gives: { 200: { 'application/x-ndjson': 'ExportLines' } },
  },
  'POST /v1/projects/{id}/rotate-secret': {
    id: 'rotateProjectSecret',
    takes: 'Rotation',
    gives: { 200: 'ProjectWithSecret' },
  },
  'POST /v1/projects/{id}/keys': { id: 'createApiKey', takes: 'NewApiKey', gives: { 201: 'ApiKeyWithSecrets' } },
  'GET /v1/projects/{id}/keys': { id: 'listApiKeys', gives: { 200: 'ApiKeyList' } },
  'DELETE /v1/projects/{id}/keys/{key_id}': {
    id: 'revokeApiKey',
    gives: { 200: 'RevokedApiKey', 204: null },
  },

  'PUT /v1/endpoints/by-name/{name}': {
    id: 'putEndpoint',
    takes: 'PutEndpoint',
    gives: { 200: 'Endpoint', 201: 'EndpointWithSecret' },
  },
  'GET /v1/endpoints/by-name/{name}': { id: 'getEndpointByName', gives: { 200: 'Endpoint' } },
  'DELETE /v1/endpoints/by-name/{name}': { id: 'deleteEndpointByName', gives: { 204: null } },
  'POST /v1/endpoints': { id: 'createEndpoint', takes: 'NewEndpoint', gives: { 201: 'EndpointWithSecret' } },
  'GET /v1/endpoints': { id: 'listEndpoints', gives: { 200: 'EndpointList' } },
  'GET /v1/endpoints/{id}': { id: 'getEndpoint', gives: { 200: 'Endpoint' } },
  'PATCH /v1/endpoints/{id}': { id: 'updateEndpoint', takes: 'EndpointPatch', gives: { 200: 'Endpoint' } },
  'DELETE /v1/endpoints/{id}': { id: 'deleteEndpoint', gives: { 204: null } },
  'POST /v1/endpoints/{id}/rotate-secret': {
    id: 'rotateEndpointSecret',
    takes: 'Rotation',
    gives: { 200: 'EndpointWithSecret' },
  },
  'POST /v1/endpoints/{id}/test': {
    id: 'testEndpoint',
    gives: { 200: 'DeliveryAttempt', 202: 'TaskRunWithPayload' },
  },
  'POST /v1/endpoints/{id}/recover': { id: 'recoverEndpoint', takes: 'Recovery', gives: { 202: 'BulkReplay' } },

  'POST /v1/listeners': { id: 'createListener', takes: 'NewListener', gives: { 201: 'Listener' } },
  'GET /v1/listeners': { id: 'listListeners', gives: { 200: 'ListenerList' } },
  'GET /v1/listeners/{id}': { id: 'getListener', gives: { 200: 'Listener' } },
  'GET /v1/listeners/{id}/requests': { id: 'takeListenerRequests', gives: { 200: 'ListenerRequestList' } },
  'POST /v1/listeners/{id}/requests/{request_id}/answer': {
    id: 'answerListenerRequest',
    takes: 'ListenerAnswer',
    gives: { 204: null },
  },
  'DELETE /v1/listeners/{id}': { id: 'deleteListener', gives: { 204: null } },

  'PUT /v1/retry-policies/by-name/{name}': {
    id: 'putRetryPolicy',
    takes: 'PutRetryPolicy',
    gives: { 200: 'RetryPolicy', 201: 'RetryPolicy' },
  },
  'GET /v1/retry-policies/by-name/{name}': { id: 'getRetryPolicyByName', gives: { 200: 'RetryPolicy' } },
  'DELETE /v1/retry-policies/by-name/{name}': { id: 'deleteRetryPolicyByName', gives: { 204: null } },
  'POST /v1/retry-policies': { id: 'createRetryPolicy', takes: 'NewRetryPolicy', gives: { 201: 'RetryPolicy' } },
  'GET /v1/retry-policies': { id: 'listRetryPolicies', gives: { 200: 'RetryPolicyList' } },
  'GET /v1/retry-policies/{id}': { id: 'getRetryPolicy', gives: { 200: 'RetryPolicy' } },
  'PATCH /v1/retry-policies/{id}': {
    id: 'updateRetryPolicy',
    takes: 'RetryPolicyPatch',
    gives: { 200: 'RetryPolicy' },
  },
  'DELETE /v1/retry-policies/{id}': { id: 'deleteRetryPolicy', gives: { 204: null } },

  'POST /v1/tasks': { id: 'createTask', takes: 'NewTask', gives: { 201: 'TaskRunWithPayload' } },
  'POST /v1/tasks/batch': { id: 'createTaskBatch', takes: 'NewTaskBatch', gives: { 200: 'TaskResults' } },
  'GET /v1/tasks': { id: 'listTasks', gives: { 200: 'TaskRunList' } },
  'GET /v1/tasks/{id}': { id: 'getTask', gives: { 200: 'TaskRunWithAttempts' } },
  'GET /v1/tasks/{id}/wait': { id: 'awaitTask', gives: { 200: 'TaskRunWithAttempts' } },
  'POST /v1/tasks/{id}/redact': { id: 'redactTask', gives: { 200: 'TaskRunWithAttempts' } },
  'POST /v1/tasks/{id}/resend': { id: 'resendTask', takes: 'Resending', gives: { 201: 'TaskRunWithPayload' } },
  'POST /v1/tasks/cancel': {
    id: 'cancelTasks',
    takes: 'NewBulkCancel',
    gives: { 200: 'BulkCount', 202: 'BulkJob' },
  },
  'POST /v1/tasks/{id}/cancel': { id: 'cancelTask', gives: { 200: 'TaskRunWithPayload' } },

  'POST /v1/events': { id: 'publishEvent', takes: 'NewEvent', gives: { 202: 'EventWithPayload' } },
  'POST /v1/events/batch': { id: 'publishEventBatch', takes: 'NewEventBatch', gives: { 200: 'EventResults' } },
  'GET /v1/events': { id: 'listEvents', gives: { 200: 'EventList' } },
  'GET /v1/events/{id}': { id: 'getEvent', gives: { 200: 'EventWithTasks' } },

  'GET /v1/deliveries': {
    id: 'listDeliveries',
    gives: { 200: { 'application/json': 'DeliveryAttemptList', 'text/csv': 'DeliveryAttemptCsv' } },
  },
  'GET /v1/deliveries/{id}': { id: 'getDelivery', gives: { 200: 'DeliveryAttempt' } },

  'GET /v1/feed': { id: 'getFeed', gives: { 200: { 'application/x-ndjson': 'FeedLines' } } },

  'POST /v1/schedules/preview': {
    id: 'previewSchedule',
    takes: 'SchedulePreviewRequest',
    gives: { 200: 'SchedulePreview' },
  },
  'PUT /v1/schedules/by-name/{name}': {
    id: 'putSchedule',
    takes: 'PutSchedule',
    gives: { 200: 'ScheduleWithPayload', 201: 'ScheduleWithPayload' },
  },
  'GET /v1/schedules/by-name/{name}': { id: 'getScheduleByName', gives: { 200: 'ScheduleWithPayload' } },
  'DELETE /v1/schedules/by-name/{name}': { id: 'deleteScheduleByName', gives: { 204: null } },
  'POST /v1/schedules': { id: 'createSchedule', takes: 'NewSchedule', gives: { 201: 'ScheduleWithPayload' } },
  'GET /v1/schedules': { id: 'listSchedules', gives: { 200: 'ScheduleList' } },
  'GET /v1/schedules/{id}': { id: 'getSchedule', gives: { 200: 'ScheduleWithPayload' } },
  'PATCH /v1/schedules/{id}': { id: 'updateSchedule', takes: 'SchedulePatch', gives: { 200: 'ScheduleWithPayload' } },
  'DELETE /v1/schedules/{id}': { id: 'deleteSchedule', gives: { 204: null } },
  'POST /v1/schedules/{id}/run': { id: 'runSchedule', gives: { 202: 'TaskRunWithPayload' } },
  'POST /v1/schedules/{id}/backfill': { id: 'backfillSchedule', takes: 'NewBackfill', gives: { 200: 'Backfill' } },
  'GET /v1/schedules/{id}/runs': { id: 'listScheduleRuns', gives: { 200: 'TaskRunList' } },

  'GET /v1/retry-jobs': { id: 'listRetryJobs', gives: { 200: 'RetryJobList' } },
  'GET /v1/retry-jobs/{id}': { id: 'getRetryJob', gives: { 200: 'RetryJob' } },
  'POST /v1/retry-jobs/{id}/run': { id: 'runRetryJob', gives: { 202: 'TaskRunWithPayload' } },
  'DELETE /v1/retry-jobs/{id}': { id: 'giveUpRetryJob', gives: { 204: null } },

  'GET /v1/dead-letters': { id: 'listDeadLetters', gives: { 200: 'DeadLetterList' } },
  'GET /v1/dead-letters/{id}': { id: 'getDeadLetter', gives: { 200: 'DeadLetterWithPayload' } },
  'POST /v1/dead-letters/{id}/replay': { id: 'replayDeadLetter', gives: { 202: 'TaskRunWithPayload' } },
  'POST /v1/dead-letters/{id}/resolve': {
    id: 'resolveDeadLetter',
    takes: 'Resolution',
    gives: { 200: 'DeadLetterWithPayload' },
  },
  'POST /v1/dead-letters/replay': {
    id: 'replayDeadLetters',
    takes: 'NewBulkReplay',
    gives: { 200: 'BulkCount', 202: 'BulkReplay' },
  },
  'POST /v1/dead-letters/resolve': {
    id: 'resolveDeadLetters',
    takes: 'NewBulkResolution',
    gives: { 200: 'BulkCount', 202: 'BulkJob' },
  },
  'GET /v1/bulk-jobs/{id}': { id: 'getBulkJob', gives: { 200: 'BulkJob' } },
  'POST /v1/dead-letters/replay-all': {
    id: 'replayDeadLettersOfAllProjects',
    takes: 'NewReplayOfAllProjects',
    gives: { 200: 'BulkReplayList' },
  },
  'GET /v1/dead-letters/replays/{id}': { id: 'getBulkReplay', gives: { 200: 'BulkReplay' } },

  'GET /v1/search': { id: 'searchObjects', gives: { 200: 'FoundList' } },

  'GET /v1/stats': { id: 'getStats', gives: { 200: 'Stats' } },
  'GET /v1/alarms': { id: 'listAlarms', gives: { 200: 'Alarms' } },
  'GET /v1/usage': { id: 'getUsage', gives: { 200: 'Usage' } },
  'GET /v1/audit': { id: 'listAuditEntries', gives: { 200: { 'application/x-ndjson': 'AuditLines' } } },
};
