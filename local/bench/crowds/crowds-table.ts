import { markdown } from '../plan/plan-table.js';
import type { Followed } from './follow-all.js';
import { dollarsOfLists, dollarsOfPollers, dollarsOnce } from './levers.js';

/** The figures of all treatments as Markdown, for docs/scaling.md. */
export function crowdsText({ sizes, tasks, schedules }: Followed): string {
  const head = [
    'late by: half of the runs / 99 % / the last',
    ...sizes.map((size) => size.toLocaleString('en-US')),
    'costs',
    'refused writes cost, a million runs at once',
  ];
  const rows = (followed: Followed['tasks']) =>
    followed.map(({ treatment, bySize, dollarsOfRefusals }) => [
      treatment.name,
      ...bySize.map(({ half, most, last }) => [half, most, last].map(shortTime).join(' / ')),
      costs(treatment),
      `$${dollarsOfRefusals.toFixed(1)}`,
    ]);
  return [
    'Tasks of one project that are due at the same moment, and were created more than 15 minutes before (modelled):',
    markdown(head, rows(tasks)),
    'Schedules of one project that fire at the same moment. Pollers: of the wake-up queue + of the fast lane (modelled):',
    markdown(head, rows(schedules)),
  ].join('\n\n');
}

function costs(levers: Parameters<typeof dollarsOfPollers>[0]): string {
  const parts = [
    [dollarsOfPollers(levers), 0, 'in 30 days'],
    [dollarsOnce(levers), 0, 'once'],
    [dollarsOfLists(levers), 2, 'a million lists'],
  ] as const;
  const paid = parts.filter(([dollars]) => dollars > 0);
  return paid.map(([dollars, digits, what]) => `$${dollars.toFixed(digits)} ${what}`).join(', ') || 'nothing';
}

/** Two significant digits: the model is not more precise. */
export function shortTime(seconds: number): string {
  if (seconds < 1) return '< 1 s';
  const rounded = Number(seconds.toPrecision(2));
  return rounded < 120 ? `${rounded} s` : `${Number((seconds / 60).toPrecision(2))} min`;
}
