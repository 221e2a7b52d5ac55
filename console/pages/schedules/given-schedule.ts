import type { Texts } from '../../components/form-values.js';
import { labelsOf, momentOrNull, numberOrNull, payloadOf, textOrNull } from '../../components/form-values.js';
import { givenKind } from '../../components/targets.js';

type Overlap = 'skip' | 'allow' | 'cancel_previous';
type Misfire = 'fire_once' | 'skip';

/**
 * The values of the schedule form; null for an empty field and for the alternative that was not chosen. `payload` is
 * the payload that the form shows.
 */
export type GivenSchedule = ReturnType<typeof givenSchedule>;

export function givenSchedule(texts: Texts, once: boolean, payload?: unknown) {
  const endpoint_id = textOrNull(texts['endpoint_id']);
  return {
    name: texts['name'] ?? '',
    cron: once ? null : (texts['cron']?.trim() ?? ''),
    timezone: once ? null : textOrNull(texts['timezone']),
    run_at: once ? momentOrNull(texts['run_at']) : null,
    endpoint_id,
    target: endpoint_id === null ? givenKind(texts).address(texts) : null,
    labels: labelsOf(texts['labels']),
    payload: payloadOf(texts, payload),
    overlap_policy: texts['overlap_policy'] as Overlap,
    misfire_policy: texts['misfire_policy'] as Misfire,
    start_at: momentOrNull(texts['start_at']),
    end_at: momentOrNull(texts['end_at']),
    max_runs: numberOrNull(texts['max_runs']),
    jitter_seconds: numberOrNull(texts['jitter_seconds']),
    retry_policy_id: textOrNull(texts['retry_policy_id']),
  };
}
