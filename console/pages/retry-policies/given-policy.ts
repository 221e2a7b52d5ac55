import type { Texts } from '../../components/form-values.js';
import { numberOrNull, wordsOf } from '../../components/form-values.js';
import type { DelaySettings } from './delays.js';

/** The values of the retry policy form; null for a field that shall have its default. */
export type GivenPolicy = ReturnType<typeof givenPolicy>;

/** The API's default for the longest delay, unless a given delay is longer. */
const LONGEST_SECONDS = 21_600;
/** Attempts that the line shows if the number is empty, and at most. */
const ATTEMPTS = { byDefault: 6, atMost: 50 };

export function givenPolicy(texts: Texts) {
  const isCustom = texts['strategy'] === 'custom';
  const statuses = wordsOf(texts['retry_on_statuses']);
  return {
    name: texts['name'] ?? '',
    strategy: texts['strategy'] as DelaySettings['strategy'],
    base_delay_seconds: isCustom ? null : numberOrNull(texts['base_delay_seconds']),
    delays_seconds: isCustom ? wordsOf(texts['delays_seconds']).map(Number) : null,
    max_delay_seconds: numberOrNull(texts['max_delay_seconds']),
    max_attempts: numberOrNull(texts['max_attempts']),
    jitter: texts['jitter'] as 'none' | 'full',
    retry_on_statuses: statuses.length > 0 ? statuses : null,
    honor_retry_after: texts['honor_retry_after'] === 'on',
  };
}

/** The settings that the line shows while the user types. */
export function settingsOf(texts: Texts): DelaySettings {
  const given = givenPolicy(texts);
  const delays = (given.delays_seconds ?? []).filter(isReal);
  const base = isReal(given.base_delay_seconds) ? given.base_delay_seconds : 0;
  const attempts = given.max_attempts ?? (given.strategy === 'custom' ? delays.length + 1 : ATTEMPTS.byDefault);
  return {
    strategy: given.strategy,
    base_delay_seconds: base,
    delays_seconds: delays,
    max_delay_seconds: isReal(given.max_delay_seconds)
      ? given.max_delay_seconds
      : Math.max(LONGEST_SECONDS, base, ...delays),
    max_attempts: Math.min(attempts || 1, ATTEMPTS.atMost),
  };
}

const isReal = (seconds: number | null): seconds is number => seconds !== null && seconds >= 0;
