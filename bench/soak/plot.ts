/** A picture of a soak as SVG: rate, lag, age and memory over time, below one another. */
import { median } from '../statistics.ts';
import type { SoakResult } from './result.ts';
import type { Phase, Sample } from './sample.ts';
import { svgText } from '../svg-text.ts';

const WIDTH = 760;
const LEFT = 70;
const PLOT_WIDTH = 590;
const PANEL = 96;
const GAP = 44;
const TOP = 84;
/** More points than this no screen shows. */
const POINTS_MAX = 240;

const PHASE_NAMES: Readonly<Record<Phase, string>> = {
  probe: 'probe',
  'warm-up': 'warm-up',
  hold: 'held',
  twice: 'twice the rate',
  after: 'back at the rate',
  drain: 'nothing sent',
};
const PHASE_COLOURS: Readonly<Record<Phase, string>> = {
  probe: '#fff',
  'warm-up': '#f3f4f6',
  hold: '#e7f0e4',
  twice: '#fbe5e1',
  after: '#fdf3dc',
  drain: '#e8edf4',
};

interface Line {
  readonly name: string;
  readonly colour: string;
  /** One for each point. */
  readonly values: readonly number[];
}

interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** The next 1, 2, 2.5 or 5 with zeros that is not below a value. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 2.5, 5].find((step) => step * power >= value) ?? 10);
}

/** Groups of neighbours, as many as the picture has points. */
function pointsOf(samples: readonly Sample[]): (readonly Sample[])[] {
  const size = Math.ceil(samples.length / POINTS_MAX);
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, i) =>
    samples.slice(i * size, (i + 1) * size),
  );
}

/** Growth of a count a second, over some points before and after each so that seconds without an invocation do not show. */
function perSecond(points: readonly (readonly Sample[])[], of: (sample: Sample) => number): number[] {
  const reach = Math.max(1, Math.round(points.length / 80));
  return points.map((_, i) => {
    const from = points[Math.max(0, i - reach)]?.[0];
    const to = points[Math.min(points.length - 1, i + reach)]?.at(-1);
    if (from === undefined || to === undefined || to.at_s <= from.at_s) return 0;
    return (of(to) - of(from)) / (to.at_s - from.at_s);
  });
}

function panel({ title, lines }: Panel, top: number, xs: readonly number[]): string[] {
  const most = roundUp(Math.max(...lines.flatMap(({ values }) => values)));
  const y = (value: number): number => top + PANEL - (value / most) * PANEL;
  const grid = [0, 0.5, 1].flatMap((share) => [
    `<path d="M${LEFT} ${y(share * most).toFixed(1)}h${PLOT_WIDTH}" stroke="#222" stroke-opacity="0.15"/>`,
    svgText(LEFT - 8, y(share * most) + 4, (share * most).toLocaleString('en-US'), ' text-anchor="end"'),
  ]);
  const paths = lines.map(({ values, colour }) => {
    const points = values.map((value, i) => `${(xs[i] ?? LEFT).toFixed(1)} ${y(value).toFixed(1)}`);
    return `<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="1.6"/>`;
  });
  const legend = lines.flatMap(({ name, colour }, i) => {
    const x = LEFT + 210 + i * 130;
    return [
      `<path d="M${x} ${top - 12}h16" stroke="${colour}" stroke-width="3"/>`,
      svgText(x + 22, top - 8, name),
    ];
  });
  return [svgText(LEFT, top - 8, title, ' font-weight="600"'), ...legend, ...grid, ...paths];
}

/** Stretches of neighbouring samples of one phase. */
function stretches(samples: readonly Sample[]): { phase: Phase; from: number; to: number }[] {
  const found: { phase: Phase; from: number; to: number }[] = [];
  for (const { phase, at_s } of samples) {
    const last = found.at(-1);
    if (last?.phase === phase) last.to = at_s;
    else {
      if (last !== undefined) last.to = at_s;
      found.push({ phase, from: at_s, to: at_s });
    }
  }
  return found;
}

/** @returns undefined where no rate was tried for long */
export function plot({ samples }: SoakResult): string | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at_s <= first.at_s) return undefined;
  const points = pointsOf(samples);
  const x = (at_s: number): number => LEFT + ((at_s - first.at_s) / (last.at_s - first.at_s)) * PLOT_WIDTH;
  const xs = points.map((point) => x(median(point.map(({ at_s }) => at_s))));
  const peaks = (of: (sample: Sample) => number): number[] =>
    points.map((point) => Math.max(...point.map(of)));
  const panels: readonly Panel[] = [
    {
      title: 'Events a second',
      lines: [
        { name: 'sent', colour: '#e09f3e', values: perSecond(points, ({ sent }) => sent) },
        { name: 'finished', colour: '#386641', values: perSecond(points, ({ finished }) => finished) },
      ],
    },
    {
      title: 'Lag: events',
      lines: [{ name: 'sent, not finished', colour: '#b23a48', values: peaks(({ lag }) => lag) }],
    },
    {
      title: 'Oldest event: seconds',
      lines: [{ name: 'age', colour: '#7b5ea7', values: peaks(({ age_s }) => age_s) }],
    },
    {
      title: 'Resident memory: MB',
      lines: [
        {
          name: 'transform',
          colour: '#3e7cb1',
          values: peaks(({ processes }) => processes.transform.rss_mb),
        },
        {
          name: 'late-join',
          colour: '#9aa5b1',
          values: peaks(({ processes }) => processes.late_join.rss_mb),
        },
      ],
    },
  ];
  const bottom = TOP + panels.length * (PANEL + GAP) - GAP;
  const height = bottom + 40;
  const spans = stretches(samples);
  const shades = spans.map(
    ({ phase, from, to }) =>
      `<rect x="${x(from).toFixed(1)}" y="${TOP}" width="${(x(to) - x(from)).toFixed(1)}" height="${bottom - TOP}" fill="${PHASE_COLOURS[phase]}"/>`,
  );
  const phases = [...new Set(spans.map(({ phase }) => phase))];
  const legend = phases.flatMap((phase, i) => [
    `<rect x="${LEFT + i * 120}" y="38" width="12" height="12" fill="${PHASE_COLOURS[phase]}" stroke="#9aa5b1"/>`,
    svgText(LEFT + 17 + i * 120, 48.5, PHASE_NAMES[phase]),
  ]);
  const minutes = (last.at_s - first.at_s) / 60;
  const step = roundUp(minutes / 8);
  const ticks = Array.from({ length: Math.floor(minutes / step) + 1 }, (_, i) =>
    svgText(
      x(first.at_s + i * step * 60),
      bottom + 18,
      (i * step).toLocaleString('en-US'),
      ' text-anchor="middle"',
    ),
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#222" role="img" aria-label="Rate, lag, age of the oldest event and resident memory over the minutes of a soak">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    svgText(
      LEFT,
      24,
      'A rate that is held, twice of it, and afterwards',
      ' font-size="14" font-weight="600"',
    ),
    ...legend,
    ...shades,
    ...panels.flatMap((one, i) => panel(one, TOP + i * (PANEL + GAP), xs)),
    ...ticks,
    svgText(LEFT + PLOT_WIDTH, bottom + 34, 'minutes', ' text-anchor="end"'),
    '</svg>',
  ].join('\n')}\n`;
}
