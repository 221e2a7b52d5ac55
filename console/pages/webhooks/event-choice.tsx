import type { Problem } from '../../api/problem.js';
import { faultAt } from '../../api/problem.js';
import { isTicked, NOTIFICATIONS } from './notifications.js';

interface EventChoiceProps {
  readonly chosen: readonly string[];
  readonly problem: Problem | undefined;
}

/** The events that a webhook is told of, one box each. */
export function EventChoice({ chosen, problem }: EventChoiceProps) {
  const fault = faultAt(problem, '/event_filters');
  return (
    <fieldset class="field event-choice">
      <legend class="field-label">Events</legend>
      {NOTIFICATIONS.map(([name, meaning]) => (
        <label key={name} class="choice">
          <input type="checkbox" name="event" value={name} defaultChecked={isTicked(chosen, name)} />
          <span>
            <code>{name}</code> <span class="quiet small">{meaning}</span>
          </span>
        </label>
      ))}
      {fault && <p class="fault">{fault}</p>}
    </fieldset>
  );
}

/** The ticked ones. */
export function eventsIn(form: HTMLFormElement): string[] {
  return new FormData(form).getAll('event').map(String);
}
