import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Line } from './axes.ts';
import { type Steering, steerBy } from './gestures.ts';
import css from './Plot.module.css';
import type { Palette } from './palette.ts';
import { plotData, plotOptions } from './plot.ts';
import type { Range } from './range.ts';
import { createTickFormats } from './ticks.ts';
import type { Picture } from './trace.ts';

export interface PlotProps {
  lines: readonly Line[];
  /** As many as lines. */
  pictures: readonly (Picture | undefined)[];
  range: Range;
  zone: string;
  palette: Palette;
  width: number;
  height: number;
  /** Time under the cursor, microseconds; shown on every chart of a stack. */
  cursor: number | undefined;
  onCursor(us: number | undefined): void;
  /** A range while a gesture lasts, and its end. */
  onMove(range: Range): void;
  onSettle(): void;
  /** A range that was dragged over. */
  onSelect(range: Range): void;
}

/** The canvas: drawing, dragging, wheel and fingers. Everything that it says stands in HTML around it. */
export function Plot(props: PlotProps) {
  const { lines, pictures, range, zone, palette, width, height, cursor } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  // What the canvas calls back: always the newest.
  const now = useRef(props);
  now.current = props;

  const data = useMemo(() => plotData(pictures), [pictures]);
  const signature = lines.map((line) => `${line.slot}:${line.scale}`).join('|');
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew only when its parts change; data, range and size follow below
  useEffect(() => {
    if (host.current === null) return;
    const u = new uPlot(
      plotOptions({
        lines,
        palette,
        zone,
        width,
        height,
        ticks: createTickFormats(zone),
        range: () => now.current.range,
        onSelect: (r) => now.current.onSelect(r),
      }),
      data,
      host.current,
    );
    plot.current = u;
    const stop = steerBy(u.over, steering(now));
    return () => {
      stop();
      plot.current = undefined;
      u.destroy();
    };
  }, [signature, palette, zone, width < 600]);

  useEffect(() => plot.current?.setSize({ width, height }), [width, height]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the range is read by the scale itself
  useEffect(() => plot.current?.setData(data, true), [data, range]);
  useEffect(() => {
    const u = plot.current;
    if (u === undefined) return;
    const place = cursor === undefined ? -10 : u.valToPos(cursor / 1e6, 'x');
    const left = Number.isFinite(place) ? place : -10;
    if (Math.abs((u.cursor.left ?? -10) - left) >= 1) u.setCursor({ left, top: left < 0 ? -10 : 1 }, false);
  }, [cursor]);

  return <div ref={host} className={css.plot} data-testid="plot" />;
}

function steering(now: { readonly current: PlotProps }): Steering {
  return {
    range: () => now.current.range,
    move: (range) => now.current.onMove(range),
    settle: () => now.current.onSettle(),
    point: (share) => {
      const { from, to } = now.current.range;
      now.current.onCursor(share === undefined ? undefined : from + Math.min(1, Math.max(0, share)) * (to - from));
    },
  };
}
