import uPlot from 'uplot';
import { axisSize, insetsOf, type Line, mostAxes, scalesOf } from './axes.ts';
import { lonely } from './gaps.ts';
import { dashOf, type Palette } from './palette.ts';
import type { Range } from './range.ts';
import { type TickFormats, tickLabels } from './ticks.ts';
import { type Picture, plotted } from './trace.ts';

export interface PlotOptions {
  lines: readonly Line[];
  palette: Palette;
  ticks: TickFormats;
  zone: string;
  width: number;
  height: number;
  range(): Range;
  onSelect(range: Range): void;
}

const NUMBER = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 6 });
const LARGE = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 4 });
const axisNumber = (v: number): string => (Math.abs(v) >= 1e5 ? LARGE : NUMBER).format(v);

const SOFT_PAD = { pad: 0.08, soft: 0, mode: 3 } as const;

/** Shorter drags are taps. */
const LEAST_DRAG = 10;

export function plotOptions(o: PlotOptions): uPlot.Options {
  const { palette, lines } = o;
  const scales = scalesOf(lines);
  const insets = insetsOf(lines, o.width, palette);
  const timeAt = (u: uPlot, left: number): number => u.posToVal(left, 'x') * 1e6;
  return {
    width: o.width,
    height: o.height,
    padding: [insets.top, scales.length > 1 ? 0 : insets.right, 0, 0],
    legend: { show: false },
    tzDate: (s) => uPlot.tzDate(new Date(s * 1e3), o.zone),
    scales: {
      x: {
        time: true,
        range: () => {
          const { from, to } = o.range();
          return [from / 1e6, to / 1e6];
        },
      },
      ...Object.fromEntries(scales.map((scale) => [scale, { range: yRange }])),
    },
    axes: [timeAxis(o, insets.bottom), ...valueAxes(o, scales)],
    series: [{}, ...lines.flatMap((line) => lineSeries(line, palette))],
    bands: lines.map((line, i) => ({
      series: [i * 3 + 3, i * 3 + 2],
      // The tokens are six hexadecimal digits.
      fill: `${palette.lines[line.slot] ?? palette.ink}38`,
    })),
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG },
      points: { size: 9, width: 2, fill: () => palette.surface, show: true },
      bind: { dblclick: () => null },
    },
    hooks: {
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width < LEAST_DRAG) return;
          o.onSelect({ from: timeAt(u, left), to: timeAt(u, left + width) });
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

function yRange(_: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  // Without values the axis keeps its place, and says nothing (valueAxes).
  if (min === null || max === null) return [0, 1];
  return uPlot.rangeNum(min, max, { min: SOFT_PAD, max: SOFT_PAD });
}

function timeAxis({ palette, ticks }: PlotOptions, size: number): uPlot.Axis {
  return {
    size,
    stroke: palette.axis,
    font: palette.font,
    lineGap: 1.35,
    gap: 6,
    space: palette.fontPx * 6,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { stroke: palette.grid, width: 1, size: 6 },
    values: (u, splits, _, __, step) => tickLabels(splits, step, ticks, u.scales.x?.min ?? Number.NEGATIVE_INFINITY),
  };
}

function valueAxes({ palette, lines, width }: PlotOptions, scales: readonly string[]): uPlot.Axis[] {
  const alone = scales.length === 1;
  return scales.slice(0, mostAxes(width)).map((scale, i) => {
    const own = lines.filter((line) => line.scale === scale);
    const first = own[0];
    // One line on the axis: the axis has its colour, and its name stands at the read-out beside the same colour.
    const stroke =
      alone || own.length > 1 || first === undefined ? palette.axis : (palette.lines[first.slot] ?? palette.axis);
    return {
      scale,
      side: i % 2 === 0 ? 3 : 1,
      size: axisSize(palette),
      stroke,
      font: palette.font,
      gap: 6,
      space: palette.fontPx * 3,
      grid: { show: i === 0, stroke: palette.grid, width: 1 },
      ticks: { show: false },
      values: (u, splits) => (hasValues(u, scale) ? splits.map(axisNumber) : splits.map(() => '')),
    };
  });
}

function hasValues(u: uPlot, scale: string): boolean {
  return u.series.some((s) => s.scale === scale && Number.isFinite(s.min));
}

function lineSeries({ slot, scale }: Line, palette: Palette): uPlot.Series[] {
  const stroke = palette.lines[slot] ?? palette.ink;
  const edge: uPlot.Series = { scale, width: 0, points: { show: false } };
  return [
    { scale, stroke, width: 1.75, dash: dashOf(slot), points: { size: 6, stroke, fill: stroke, filter: onlyLonely } },
    edge,
    { ...edge },
  ];
}

/** Where there is room all points are drawn, else those that no line reaches. */
function onlyLonely(u: uPlot, series: number, show: boolean): number[] | null {
  return show ? null : lonely(u.data[series] ?? []);
}

/** Times in seconds, then mean, least and most of each line. */
export function plotData(pictures: readonly (Picture | undefined)[]): uPlot.AlignedData {
  const tables = pictures.map((picture): uPlot.AlignedData => {
    const layers = (picture?.layers ?? []).filter((layer) => layer.t.length > 0);
    const half = layers.map((layer) => ({ ...layer, t: layer.t.map((t) => t + layer.bucket / 2) }));
    const { t, columns } = plotted(half);
    return [t.map((us) => us / 1e6), ...columns];
  });
  return tables.length === 0 ? [[]] : uPlot.join(tables);
}
