import type { Problem } from '../api/http/problem.js';

/** An attribute counts towards the size of its message. */
const MAX_CHARACTERS = 4_000;
const MAX_FAULTS = 20;

/** What is wrong with a message, for the person who finds it: the problem as the API would answer it, in ASCII. */
export function faultText({ detail, errors, quota }: Problem): string {
  const json = JSON.stringify({ detail, errors: errors?.slice(0, MAX_FAULTS), quota });
  // Names of fields come from the message, and SQS refuses some characters that JSON leaves as they are.
  const ascii = json.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return ascii.slice(0, MAX_CHARACTERS);
}
