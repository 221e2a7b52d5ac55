import { answerOf, type Schemas } from '../../api/client.js';
import { type Problem, problemOf } from '../../api/problem.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { useSettled } from '../../components/use-settled.js';

/** Milliseconds without typing before a request. */
const PAUSE_MS = 300;
const SHOWN = 10;

interface PreviewState {
  readonly preview: Schemas['SchedulePreview'] | undefined;
  readonly problem: Problem | undefined;
}

/** The API's preview of a cron expression, requested when typing pauses. */
export function usePreview(cron: string | undefined, timezone: string): PreviewState {
  const { api } = useProject();
  const key = useSettled(cron?.trim() ? JSON.stringify([cron.trim(), timezone]) : undefined, PAUSE_MS);
  const load = (signal: AbortSignal) => {
    const [settledCron, settledZone] = JSON.parse(key!) as [string, string];
    const body = { cron: settledCron, timezone: settledZone, count: SHOWN };
    return answerOf(api.POST('/v1/schedules/preview', { body, signal }));
  };
  const { data, error } = useLive(key, load, { everyMs: false });
  return { preview: data, problem: error === undefined ? undefined : problemOf(error) };
}
