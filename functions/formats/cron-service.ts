import type { Format } from './format.js';

/** The cron-service dialect sends a payload as it was given; only its ids have a form of their own. */
export const cronService: Format = { ids: { sch: 'job', run: 'ex' } };
