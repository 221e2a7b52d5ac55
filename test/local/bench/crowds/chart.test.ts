import { type Axis, chartSvg } from '../../../../local/bench/crowds/chart.js';

const logarithmic: Axis = {
  label: 'late by',
  from: 1,
  to: 100,
  logarithmic: true,
  ticks: [1, 10, 100].map((at) => ({ at, text: `${at} s` })),
};
const linear: Axis = { label: 'a < b & `c`', from: 0, to: 10, logarithmic: false, ticks: [{ at: 5, text: '5 %' }] };

test('a value is where its axis says, and what lies beyond an end is at that end', () => {
  const svg = chartSvg({
    title: 'T',
    across: logarithmic,
    up: linear,
    lines: [
      {
        name: 'one',
        points: [
          [0, 0],
          [10, 5],
          [1_000, 20],
        ],
      },
    ],
  });
  expect(svg).toContain('points="104,476 377,284 650,92"');
});

test('labels and units are shown, as text that is no markup', () => {
  const svg = chartSvg({ title: 'T', across: logarithmic, up: linear, lines: [{ name: '`prod`', points: [] }] });
  for (const shown of ['late by →', '↑ a &lt; b &amp; c', '>100 s<', '>5 %<', '>prod<', '<title>T</title>'])
    expect(svg).toContain(shown);
  expect(svg).toContain('prefers-color-scheme: dark');
});
