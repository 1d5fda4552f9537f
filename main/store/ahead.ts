import { DAY_US, dayName, dayOf, HOUR_US } from '../../shared/units.ts';
import type { Batch, EventRow } from './types.ts';

/** Clocks of sensors differ a little; a day is no zone mistaken for another. */
const FAR_US = DAY_US;
/** Between two events: a sensor with a wrong clock sends for months. */
const QUIET_US = HOUR_US;

/** Readings stamped far ahead of the gateway's clock. They are stored as all others are; somebody should look at the clock that stamped them. */
export class Ahead {
  #readings = 0;
  #farthest = { series: 0, t: Number.NEGATIVE_INFINITY };
  #toldUs: number | undefined;

  readonly #keyOf: (series: number) => string;
  readonly #add: (event: Omit<EventRow, 'id'>) => void;

  constructor(keyOf: (series: number) => string, add: (event: Omit<EventRow, 'id'>) => void) {
    this.#keyOf = keyOf;
    this.#add = add;
  }

  /** Looks at a batch that is stored, and tells of all such readings since the last event: the first at once, then once an hour at most. */
  look({ count, series, t }: Batch, receivedUs: number): void {
    const from = receivedUs + FAR_US;
    for (let i = 0; i < count; i++) {
      const at = t[i] ?? 0;
      if (at <= from) continue;
      this.#readings++;
      if (at > this.#farthest.t) this.#farthest = { series: series[i] ?? 0, t: at };
    }
    const told = this.#toldUs;
    // A clock that was set back must not silence it.
    if (this.#readings === 0 || (told !== undefined && receivedUs >= told && receivedUs < told + QUIET_US)) return;
    try {
      this.#tell(receivedUs);
    } catch {
      // A full disk. The readings are stored and must be acknowledged; it is told with the next ones.
    }
  }

  #tell(nowUs: number): void {
    const [n, { series, t }] = [this.#readings, this.#farthest];
    const [key, day] = [this.#keyOf(series), dayName(dayOf(t))];
    const text =
      n === 1
        ? `1 reading is stamped more than a day ahead of this gateway's clock: ${key} on ${day}. It is stored, and shown at that time.`
        : `${n.toLocaleString('en-GB')} readings are stamped more than a day ahead of this gateway's clock, the farthest ${key} on ${day}. They are stored, and shown at their times.`;
    const check = 'Check the clock of the sender, and of this gateway.';
    const detail = { readings: n, series: key, day };
    this.#add({ atUs: nowUs, code: 'TM-AHEAD', level: 'warning', text: `${text} ${check}`, detail });
    this.#toldUs = nowUs;
    this.#readings = 0;
    this.#farthest = { series: 0, t: Number.NEGATIVE_INFINITY };
  }
}
