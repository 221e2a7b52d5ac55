import type { Format } from './format.js';

/** The cron-service dialect sends a payload as it was given; its ids alone are its own. */
export const cronService: Format = { ids: { sch: 'job', run: 'ex' } };
