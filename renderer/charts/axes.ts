import type { Palette } from './palette.ts';

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
export const mostAxes = (width: number): number => (width < 600 ? 2 : 4);

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

export const axisSize = ({ fontPx }: Palette): number => Math.round(fontPx * 4.4);
