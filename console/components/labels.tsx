import { Link } from '../shell/link.js';
import './labels.css';

interface LabelsProps {
  readonly labels: Readonly<Record<string, string>>;
  /** Number of labels that are shown; the others are counted. */
  readonly atMost?: number;
}

/** The labels of an object; each leads to the task runs that have it. */
export function Labels({ labels, atMost = Number.POSITIVE_INFINITY }: LabelsProps) {
  const all = Object.entries(labels);
  if (all.length === 0) return null;
  const others = all.slice(atMost);
  return (
    <span class="labels">
      {all.slice(0, atMost).map(([key, value]) => (
        <Link key={key} to="/runs" query={{ label: `${key}:${value}` }} class="label" title={`${key}: ${value}`}>
          {key}: {value}
        </Link>
      ))}
      {others.length > 0 && (
        <span class="quiet small" title={others.map(([key, value]) => `${key}: ${value}`).join(', ')}>
          and {others.length} more
        </span>
      )}
    </span>
  );
}
