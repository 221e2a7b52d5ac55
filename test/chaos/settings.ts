import { compressedTime } from '../support/compressed-time.js';

/** Seconds of a deployed stage that a second of the story stands for. */
export const FACTOR = 36;

export const SETTINGS = compressedTime(FACTOR);
