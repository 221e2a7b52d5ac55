import type { ComponentChildren } from 'preact';
import './facts.css';

interface FactsProps {
  /** Pairs of name and value; a fact with an undefined value is left out. */
  readonly facts: readonly (readonly [string, ComponentChildren])[];
}

/** The facts about an object, each name beside its value. */
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
