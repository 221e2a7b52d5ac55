import { VIEWERS_ZONE, ZONE_CHOICES, type ZoneChoice, zoneChoice } from '../components/zones.js';
import { usePlace } from './location.js';

const LABELS: Readonly<Record<ZoneChoice, string>> = {
  mine: `Times: ${VIEWERS_ZONE}`,
  utc: 'Times: UTC',
  schedule: 'Times: of each schedule',
};

/** The zone of every moment of the console; the address keeps it. */
export function ZoneToggle() {
  const { query, filter } = usePlace();
  const chosen = zoneChoice(query['zone']);
  const choose = ({ currentTarget }: Event) => {
    const { value } = currentTarget as HTMLSelectElement;
    filter({ zone: value === 'mine' ? undefined : value });
  };
  return (
    <select class="zone-choice" aria-label="Times shown in" value={chosen} onChange={choose}>
      {ZONE_CHOICES.map((choice) => (
        <option key={choice} value={choice}>
          {LABELS[choice]}
        </option>
      ))}
    </select>
  );
}
