import { text } from '../texts/en.ts';
import { type Band, type BandRun, bandsIn } from './band.ts';
import css from './SourceBand.module.css';

const percent = (share: number): string => `${share * 100}%`;

/** Where each interval comes from, under the time axis. What it shows is told by the legend. */
export function SourceBand({ runs }: { runs: readonly BandRun[] }) {
  return (
    <div className={css.band} aria-hidden>
      {runs.map((run) => (
        <span
          key={run.start}
          className={css.run}
          data-band={run.band}
          title={text.history.bands[run.band]}
          style={{ left: percent(run.start), width: percent(run.width) }}
        />
      ))}
    </div>
  );
}

/** What of the plotted area has no picture: why, and that it is not empty. Lies over the canvas. */
export function Veils({ runs, pending }: { runs: readonly BandRun[]; pending: readonly Omit<BandRun, 'band'>[] }) {
  const lost = runs.filter((run) => run.band === 'unreachable' || run.band === 'damaged');
  return (
    <div className={css.veils} aria-hidden>
      {pending.map((run) => (
        <Veil key={`pending ${run.start}`} kind="pending" run={run} label={text.history.coldOnly} />
      ))}
      {lost.map((run) => (
        <Veil key={run.start} kind={run.band} run={run} label={text.history.bands[run.band]} />
      ))}
    </div>
  );
}

function Veil({ kind, run, label }: { kind: Band | 'pending'; run: Omit<BandRun, 'band'>; label: string }) {
  return (
    <div className={css.veil} data-band={kind} style={{ left: percent(run.start), width: percent(run.width) }}>
      <span className={css.label}>{label}</span>
    </div>
  );
}

export function SourceLegend({ runs }: { runs: readonly BandRun[] }) {
  return (
    <div className={css.legend}>
      <span className={css.legendTitle} id="history-source">
        {text.history.source}
      </span>
      <ul aria-labelledby="history-source">
        {bandsIn(runs).map((band) => (
          <li key={band} data-testid={`source-${band}`}>
            <span className={css.swatch} data-band={band} aria-hidden />
            {text.history.bands[band]}
          </li>
        ))}
      </ul>
    </div>
  );
}
