import uPlot from 'uplot';
import { lonely } from './gaps.ts';
import { dashOf, type Palette } from './palette.ts';
import type { Range } from './range.ts';
import { type TickFormats, tickLabels } from './ticks.ts';
import { type Picture, plotted } from './trace.ts';

/** One series of a chart. `slot` is its place among all chosen series: colour and dash. */
export interface Line {
  key: string;
  slot: number;
  /** Lines of one scale can be compared: same unit, or same field when units are unknown. */
  scale: string;
  /** Stands above the axis: the unit, or the field where there is none. */
  axisLabel: string;
}

/** Distances of the plotted area from the edges of the chart, CSS pixels. */
export interface Insets {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Axes beside a chart: more would leave no room for it. The others' values are in the read-out. */
const mostAxes = (width: number): number => (width < 600 ? 2 : 4);

export const scalesOf = (lines: readonly Line[]): string[] => [...new Set(lines.map((line) => line.scale))];

/** Axes alternate: left, right, left, right. All charts of a stack have the same insets, so that their times line up. */
export function insetsOf(lines: readonly Line[], width: number, palette: Palette): Insets {
  const axes = Math.min(scalesOf(lines).length, mostAxes(width));
  const size = axisSize(palette);
  return {
    left: Math.ceil(axes / 2) * size,
    right: axes > 1 ? Math.floor(axes / 2) * size : Math.round(palette.fontPx * 1.8),
    top: Math.round(palette.fontPx * (titled(lines) ? 1.9 : 0.8)),
    bottom: Math.round(palette.fontPx * 3.5),
  };
}

/** A single scale without a unit needs no title: the series' name says it. */
function titled(lines: readonly Line[]): boolean {
  return scalesOf(lines).length > 1 || lines[0]?.scale.startsWith('unit ') === true;
}

/** What stands above each axis, and where: CSS pixels from the left or the right edge of the chart. */
export interface AxisTitle {
  text: string;
  side: 'left' | 'right';
  offset: number;
  slot: number | undefined;
}

export function axisTitles(lines: readonly Line[], width: number, palette: Palette): AxisTitle[] {
  const scales = scalesOf(lines);
  if (!titled(lines)) return [];
  const insets = insetsOf(lines, width, palette);
  return scales.slice(0, mostAxes(width)).map((scale, i) => {
    const own = lines.filter((line) => line.scale === scale);
    const text = own[0]?.axisLabel ?? '';
    const side = i % 2 === 0 ? 'left' : 'right';
    const outer = Math.floor(i / 2) * axisSize(palette);
    const slot = scales.length > 1 && own.length === 1 ? own[0]?.slot : undefined;
    return { text, side, offset: width - insets[side] + outer, slot };
  });
}

const axisSize = ({ fontPx }: Palette): number => Math.round(fontPx * 4.4);

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
