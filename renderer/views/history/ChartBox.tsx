import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTextSize } from '../../app/appearance.ts';
import { useGateway } from '../../app/gateway.ts';
import { axisTitles, insetsOf, type Line } from '../../charts/axes.ts';
import { Plot } from '../../charts/Plot.tsx';
import { colorToken, type Palette, readPalette } from '../../charts/palette.ts';
import type { Range } from '../../charts/range.ts';
import { SourceBand, Veils } from '../../charts/SourceBand.tsx';
import { text } from '../../texts/en.ts';
import { pendingOf, runsOf } from './board.ts';
import css from './Charts.module.css';
import type { Feed } from './feeds.ts';

interface ChartBoxProps {
  feeds: readonly Feed[];
  lines: readonly Line[];
  range: Range;
  stacked: boolean;
  cursor: number | undefined;
  onCursor(us: number | undefined): void;
  onMove(range: Range): void;
  onSettle(): void;
  onSelect(range: Range): void;
}

/** One canvas, what lies over it, and the band that says where its data comes from. */
export function ChartBox({ feeds, lines, range, stacked, ...events }: ChartBoxProps) {
  const { ref, width, height } = useElementSize();
  const [palette, type] = usePalette();
  const zone = useGateway((s) => s.status?.site.zone ?? 'UTC');
  const drawn = useMemo(() => feeds.map((feed) => feed.picture), [feeds]);
  const pictures = drawn.filter((picture) => picture !== undefined);
  const runs = runsOf(pictures, range);
  const ready = palette !== undefined && width > 0 && height > 0;
  const insets = ready ? insetsOf(lines, width, palette) : undefined;
  const empty =
    feeds.every((feed) => feed.phase === 'done') &&
    pictures.every((p) => p.layers.every((layer) => layer.t.length === 0)) &&
    !runs.some((run) => run.band === 'unreachable' || run.band === 'damaged');
  const loading = pictures.length === 0 && feeds.some((feed) => feed.phase === 'asking');
  return (
    <div className={css.box} ref={type}>
      <div className={css.canvas} ref={ref} data-stacked={stacked}>
        {ready && <Plot {...{ lines, range, zone, palette, width, height }} pictures={drawn} {...events} />}
        {ready &&
          axisTitles(lines, width, palette).map(({ text: title, side, offset, slot }) => (
            <span
              key={side + offset}
              className={css.unit}
              style={{
                [side === 'left' ? 'right' : 'left']: offset + 6,
                color: slot === undefined ? 'var(--ink-2)' : colorToken(slot),
              }}
            >
              {title}
            </span>
          ))}
        {insets !== undefined && (
          <div className={css.over} style={insets}>
            <Veils runs={runs} pending={pendingOf(pictures, range)} />
            {empty && <p className={css.empty}>{text.history.noData}</p>}
            {loading && <p className={css.empty}>{text.loading} …</p>}
          </div>
        )}
      </div>
      {insets !== undefined && (
        <div style={{ marginLeft: insets.left, marginRight: insets.right }}>
          <SourceBand runs={runs} />
        </div>
      )}
    </div>
  );
}

/** Read anew when the theme or the text size changes. */
function usePalette(): [Palette | undefined, React.RefObject<HTMLDivElement | null>] {
  const type = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const size = useTextSize();
  const [palette, setPalette] = useState<Palette>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: both change what the style sheet says
  useEffect(() => {
    if (type.current !== null) setPalette(readPalette(type.current));
  }, [scheme, size]);
  return [palette, type];
}
