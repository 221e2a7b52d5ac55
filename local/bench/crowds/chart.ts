/** A chart of lines, as SVG. Its text can be read on a phone, and its colours follow the reader's light or dark theme. */
export interface Chart {
  readonly title: string;
  readonly across: Axis;
  readonly up: Axis;
  readonly lines: readonly { readonly name: string; readonly points: readonly Point[] }[];
}

export interface Axis {
  readonly label: string;
  /** Where the axis begins and ends. */
  readonly from: number;
  readonly to: number;
  readonly logarithmic: boolean;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

export type Point = readonly [across: number, up: number];

const WIDTH = 720;
const PLOT = { left: 104, right: 650, top: 92, bottom: 476 };
const LEGEND_TOP = 572;
const LEGEND_LINE = 34;

/** Colours that differ in lightness, too, for a light and for a dark ground; each line has its own dashes besides. */
const LOOKS = [
  { light: '#1f2937', dark: '#f3f4f6', dashes: '' },
  { light: '#b45309', dark: '#fbbf24', dashes: '14 7' },
  { light: '#1d4ed8', dark: '#60a5fa', dashes: '' },
  { light: '#be185d', dark: '#f472b6', dashes: '3 7' },
  { light: '#047857', dark: '#34d399', dashes: '' },
  { light: '#6d28d9', dark: '#c4b5fd', dashes: '18 6 3 6' },
];

const STYLE = `
  svg { --ground: #ffffff; --ink: #1f2937; --faint: #d1d5db; }
  ${LOOKS.map(({ light }, index) => `.line-${index} { stroke: ${light}; }`).join('\n  ')}
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #e5e7eb; --faint: #374151; }
    ${LOOKS.map(({ dark }, index) => `.line-${index} { stroke: ${dark}; }`).join('\n    ')}
  }
  text { font: 22px system-ui, sans-serif; fill: var(--ink); stroke: none; }
  .title { font-weight: 600; font-size: 24px; }
  .grid { stroke: var(--faint); stroke-width: 1.5; }
  polyline { fill: none; stroke-width: 4; stroke-linejoin: round; stroke-linecap: round; }
`;

export function chartSvg({ title, across, up, lines }: Chart): string {
  const x = (value: number) => PLOT.left + placeOn(across, value) * (PLOT.right - PLOT.left);
  const y = (value: number) => PLOT.bottom - placeOn(up, value) * (PLOT.bottom - PLOT.top);
  const height = LEGEND_TOP + lines.length * LEGEND_LINE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${height}" style="fill: var(--ground)"/>`,
    text(20, 38, title, 'class="title"'),
    text(20, 72, `↑ ${up.label}`),
    ...up.ticks.flatMap((tick) => [
      gridLine(PLOT.left, y(tick.at), PLOT.right, y(tick.at)),
      text(PLOT.left - 10, y(tick.at) + 7, tick.text, 'text-anchor="end"'),
    ]),
    ...across.ticks.flatMap((tick) => [
      gridLine(x(tick.at), PLOT.top, x(tick.at), PLOT.bottom),
      text(x(tick.at), PLOT.bottom + 30, tick.text, 'text-anchor="middle"'),
    ]),
    text(PLOT.right, PLOT.bottom + 64, `${across.label} →`, 'text-anchor="end"'),
    ...lines.map(({ points }, index) =>
      polyline(
        points.map(([one, other]) => [x(one), y(other)] as const),
        index,
      ),
    ),
    ...lines.flatMap(({ name }, index) => {
      const top = LEGEND_TOP + index * LEGEND_LINE;
      const sample: Point[] = [
        [24, top],
        [84, top],
      ];
      return [polyline(sample, index), text(98, top + 8, name)];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** From 0 to 1; what lies beyond an end of the axis is drawn at that end. */
function placeOn({ from, to, logarithmic }: Axis, value: number): number {
  const kept = Math.min(to, Math.max(from, value));
  return logarithmic ? Math.log(kept / from) / Math.log(to / from) : (kept - from) / (to - from);
}

function polyline(points: readonly Point[], index: number): string {
  const { dashes } = LOOKS[index % LOOKS.length]!;
  const dashing = dashes === '' ? '' : ` stroke-dasharray="${dashes}"`;
  const places = points.map(([one, other]) => `${round(one)},${round(other)}`);
  return `<polyline class="line-${index % LOOKS.length}"${dashing} points="${places.join(' ')}"/>`;
}

function gridLine(x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="grid" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${round(x)}" y="${round(y)}"${attributes && ` ${attributes}`}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '');
}

const round = (value: number): number => Math.round(value * 10) / 10;
