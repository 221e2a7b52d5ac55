import type { Problem } from '../../api/problem.js';
import { Choices } from '../../components/choices.js';
import type { Texts } from '../../components/form-values.js';
import { isTicked, NOTIFICATIONS } from './notifications.js';

interface EventChoiceProps {
  readonly chosen: readonly string[];
  readonly problem: Problem | undefined;
}

/** The events that a webhook gets, one box each. */
export function EventChoice({ chosen, problem }: EventChoiceProps) {
  const ticked = (name: string) => isTicked(chosen, name);
  return (
    <Choices legend="Events" options={NOTIFICATIONS} isTicked={ticked} problem={problem} pointer="/event_filters" />
  );
}

/** The ticked events. */
export function eventsIn(texts: Texts): string[] {
  return NOTIFICATIONS.map(([name]) => name).filter((name) => texts[name] !== undefined);
}
