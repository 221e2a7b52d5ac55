import { settingsFor } from '../../lib/config.js';

/** The quotas of a project in the local stack. */
export const { quotas: QUOTAS } = settingsFor('local');
