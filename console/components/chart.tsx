import { useEffect, useRef, useState } from 'preact/hooks';
import './chart.css';
import type { ChartProps } from './chart-props.js';
import type { Drawn } from './draw-chart.js';

/** A chart over time. The library that draws charts is loaded with the first chart. */
export function Chart(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useTheme();

  useEffect(() => {
    let gone = false;
    void import('./draw-chart.js').then(({ drawChart }) => {
      if (!gone && box.current) drawn.current = drawChart(box.current, latest.current);
    });
    return () => {
      gone = true;
      drawn.current?.destroy();
      drawn.current = undefined;
    };
  }, [theme, props.hours.length, props.zone]);
  useEffect(() => drawn.current?.update(props), [props.hours, props.series]);

  return (
    <figure class="card card-body stack-tight chart">
      <figcaption>
        <h2>
          {props.title} <span class="quiet small chart-note">{props.note}</span>
        </h2>
        <p class="unseen">{props.summary}</p>
      </figcaption>
      <div class="chart-box" ref={box} aria-hidden="true" />
    </figure>
  );
}

/** A number that changes with the theme's colours. */
function useTheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const changed = () => setChanges((count) => count + 1);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', changed);
    return () => {
      observer.disconnect();
      dark.removeEventListener('change', changed);
    };
  }, []);
  return changes;
}
