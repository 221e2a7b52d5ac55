import { usePlace } from '../shell/location.js';
import { zoneChoice, zoneFor } from './zones.js';

/** The zone in which a moment is shown; `schedules` is the zone of the schedule that the moment belongs to. */
export function useZone(schedules?: string): string {
  return zoneFor(zoneChoice(usePlace().query['zone']), schedules);
}
