import { faultAt, type Problem } from '../../api/problem.js';
import type { Texts } from '../../components/form-values.js';
import { isTicked, NOTIFICATIONS } from './notifications.js';
import './webhooks.css';

interface EventChoiceProps {
  readonly chosen: readonly string[];
  readonly problem: Problem | undefined;
}

/** The events that a webhook gets, one box each. */
export function EventChoice({ chosen, problem }: EventChoiceProps) {
  const fault = faultAt(problem, '/event_filters');
  return (
    <fieldset class="field event-choice">
      <legend class="field-label">Events</legend>
      {NOTIFICATIONS.map(([name, meaning]) => (
        <label key={name} class="choice">
          <input type="checkbox" name={name} defaultChecked={isTicked(chosen, name)} />
          <span>
            <code>{name}</code> <span class="quiet small">{meaning}</span>
          </span>
        </label>
      ))}
      {fault && <p class="fault">{fault}</p>}
    </fieldset>
  );
}

/** The ticked events. */
export function eventsIn(texts: Texts): string[] {
  return NOTIFICATIONS.map(([name]) => name).filter((name) => texts[name] !== undefined);
}
