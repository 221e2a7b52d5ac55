import * as z from 'zod';
import type { Notes } from '../../fields/shown-values.js';
import { attemptSchema, runSchema } from '../task-runs/task-run-answers.js';

export const feedRunSchema = z.strictObject({ type: z.literal('task_run'), version: z.int().min(0), data: runSchema });
export const feedAttemptSchema = z.strictObject({ type: z.literal('delivery_attempt'), data: attemptSchema });
export const feedPageSchema = z.strictObject({
  type: z.literal('page'),
  data: z.strictObject({ cursor: z.string(), more: z.boolean() }),
});

export const feedLineSchema = z.discriminatedUnion('type', [feedRunSchema, feedAttemptSchema, feedPageSchema]);
export type FeedLine = z.infer<typeof feedLineSchema>;

/** What fields of the feed mean, for the API's page. */
export const notes: Notes = {
  'FeedRun.version': 'Grows with each change of the task run.',
  'FeedEnd.cursor': 'For the next page. It does not expire.',
  'FeedEnd.more': 'There is more to read at once.',
  'GET /v1/feed.cursor': 'Of the page before.',
  'GET /v1/feed.since': 'Where the feed begins; a minute ago by default.',
  'GET /v1/feed.wait_seconds': 'How long to wait for a change; by default, not at all.',
  'GET /v1/feed.type': 'Lines of this type alone.',
  'GET /v1/feed.status': 'Lines of task runs or attempts with this status alone.',
};
