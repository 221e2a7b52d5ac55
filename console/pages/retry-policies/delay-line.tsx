import { durationText } from '../../components/durations.js';
import './delay-line.css';

interface DelayLineProps {
  /** Seconds between the attempts. */
  readonly delays: readonly number[];
  readonly jitter: boolean;
}

const WIDTH = 1000;
/** Width of a label, in thousandths of the line, on a wide and on a narrow screen. */
const LABEL_ROOM = { wide: 90, narrow: 340 };

/** The attempts of a failing task run on a time line, where near moments take more room than far moments. */
export function DelayLine({ delays, jitter }: DelayLineProps) {
  const moments = [0, ...runningSums(delays)];
  const end = moments.at(-1)!;
  const points = moments.map((at) => ({ at, x: end === 0 ? 0 : (Math.log1p(at) / Math.log1p(end)) * WIDTH }));
  const always = new Set(labelled(points, LABEL_ROOM.narrow));
  const words = `Attempts at the start${moments
    .slice(1)
    .map((at) => `, after ${durationText(at)}`)
    .join('')}`;
  return (
    <figure class="delay-line stack-tight">
      <div class="delay-track" role="img" aria-label={words}>
        <svg viewBox={`0 0 ${WIDTH} 12`} preserveAspectRatio="none" aria-hidden="true">
          <line x1="0" y1="6" x2={WIDTH} y2="6" />
        </svg>
        <svg class="delay-points" aria-hidden="true">
          {points.map(({ at, x }) => (
            <circle key={at} cx={`${x / 10}%`} cy="50%" r="5" />
          ))}
        </svg>
        <svg class="delay-labels" aria-hidden="true">
          {labelled(points, LABEL_ROOM.wide).map((point) => (
            <text
              key={point.at}
              class={always.has(point) ? '' : 'if-wide'}
              x={`${point.x / 10}%`}
              y="12"
              text-anchor={anchorAt(point.x)}
            >
              {point.at === 0 ? 'start' : durationText(point.at)}
            </text>
          ))}
        </svg>
      </div>
      <figcaption class="quiet small">
        {delays.length + 1} attempts within {durationText(end)}
        {jitter && ', each wait drawn at random up to its length'}
      </figcaption>
    </figure>
  );
}

interface Point {
  readonly at: number;
  readonly x: number;
}

/** The first and last points, and the points between them that have room for a label. */
function labelled(points: readonly Point[], room: number): readonly Point[] {
  const last = points.at(-1)!;
  const shown: Point[] = [points[0]!];
  for (const point of points.slice(1, -1))
    if (point.x - shown.at(-1)!.x >= room && last.x - point.x >= room) shown.push(point);
  return last === points[0] ? shown : [...shown, last];
}

const anchorAt = (x: number): 'start' | 'middle' | 'end' => (x < 30 ? 'start' : x > WIDTH - 30 ? 'end' : 'middle');

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}
