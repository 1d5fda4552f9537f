import { MINUTE_US } from '../../../shared/units.ts';
import { useGateway, useTimes } from '../../app/gateway.ts';
import type { Range } from '../../charts/range.ts';
import { text } from '../../texts/en.ts';
import { stepText } from './board.ts';
import css from './Charts.module.css';
import type { Feed } from './feeds.ts';

/** Shorter ranges need seconds to tell their ends apart. */
const EXACT_BELOW = 10 * MINUTE_US;

/** The range, and the time under the cursor, else what a point stands for. */
export function RangeLine(o: { feeds: readonly Feed[]; range: Range; cursor: number | undefined; follows: boolean }) {
  const { range, cursor } = o;
  const times = useTimes();
  // A range that follows ends a little ahead of now, so that it need not move all the time.
  const minute = useGateway((s) => Math.floor((s.status?.now_us ?? 0) / MINUTE_US) * MINUTE_US);
  const end = o.follows ? Math.min(range.to, minute) : range.to;
  const at = range.to - range.from < EXACT_BELOW ? times.exact : times.moment;
  // Summer time may end within the range.
  const [zoneThen, zone] = [times.zoneName(range.from), times.zoneName(end)];
  const from = zoneThen === zone ? at(range.from) : `${at(range.from)} ${zoneThen}`;
  const pictures = o.feeds.flatMap((feed) => feed.picture ?? []);
  const coarse = pictures.find((picture) => !picture.raw);
  const step = coarse === undefined ? text.history.raw : text.history.step(stepText(coarse.layers[0]?.bucket ?? 0));
  return (
    <p className={css.line}>
      <span>
        <b data-testid="range">{`${from} – ${at(end)} ${zone}`}</b>
        {o.follows && ` · ${text.history.follows}`}
      </span>
      {cursor === undefined ? (
        <span>{pictures.length > 0 && step}</span>
      ) : (
        <span>
          {`${text.history.at} `}
          <b>{`${times.exact(Math.round(cursor / 1e6) * 1e6)} ${times.zoneName(cursor)}`}</b>
        </span>
      )}
    </p>
  );
}
