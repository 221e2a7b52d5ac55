/** How a run's payload goes out: `raw` as it was given, or as a job notification, signed once more for its receivers. */
export type BodyFormat = 'raw' | 'notification';
