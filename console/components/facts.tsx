import type { ComponentChildren } from 'preact';
import './facts.css';

interface FactsProps {
  /** Name and value; what is undefined is left out. */
  readonly facts: readonly (readonly [string, ComponentChildren])[];
}

/** What is known of an object, name beside value. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
