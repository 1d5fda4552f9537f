import { randomSource } from './random.ts';

/** Fields of a pump hub: one line of eight readings. */
export const FIELDS = ['temp', 'pressure', 'flow', 'rpm', 'current', 'vibration', 'level', 'valve'] as const;

export interface PumpOptions {
  hubs: number;
  /** Timestamp of the first step. */
  startUs: number;
  stepUs: number;
  seed: number;
  /** Of each hub; all eight when left out. */
  fields?: readonly string[];
}

export interface PumpRows {
  series: Uint32Array;
  t: Float64Array;
  v: Float64Array;
}

/**
 * Pump hubs that report every step: eight channels, each a random walk with two decimals, timestamps in milliseconds a few off the step, as clocks of
 * hubs are. The same options give the same readings.
 */
export class PumpSite {
  readonly hubs: number;
  readonly #fields: readonly string[];
  readonly #o: PumpOptions;
  readonly #random: () => number;
  /** Hundredths, hub by hub. */
  readonly #walks: Int32Array;
  #step = 0;

  constructor(o: PumpOptions) {
    this.hubs = o.hubs;
    this.#o = o;
    this.#fields = o.fields ?? FIELDS;
    this.#random = randomSource(o.seed);
    this.#walks = Int32Array.from(
      { length: o.hubs * this.#fields.length },
      () => 1_000 + Math.floor(this.#random() * 9_000),
    );
  }

  /** Timestamps of the next step's lines, hub by hub; the walks move on. */
  #advance(): number[] {
    const at = this.#o.startUs + this.#step++ * this.#o.stepUs;
    for (let i = 0; i < this.#walks.length; i++)
      this.#walks[i] = (this.#walks[i] ?? 0) + Math.floor(this.#random() * 21) - 10;
    return Array.from({ length: this.hubs }, () => at + Math.floor(this.#random() * 5) * 1_000);
  }

  /** Line protocol with timestamps in microseconds; a step more or less is one line of every hub. */
  lines(steps: number): Buffer {
    let text = '';
    for (let i = 0; i < steps; i++) {
      for (const [hub, t] of this.#advance().entries()) {
        text += `pump,hub=h${hub} `;
        for (const [f, field] of this.#fields.entries()) {
          const value = ((this.#walks[hub * this.#fields.length + f] ?? 0) / 100).toFixed(2);
          text += f === 0 ? `${field}=${value}` : `,${field}=${value}`;
        }
        text += ` ${t}\n`;
      }
    }
    return Buffer.from(text);
  }

  /** The same as columns; series ids count from 1, hub by hub. */
  rows(steps: number): PumpRows {
    const n = steps * this.#walks.length;
    const rows = { series: new Uint32Array(n), t: new Float64Array(n), v: new Float64Array(n) };
    let i = 0;
    for (let step = 0; step < steps; step++) {
      for (const [hub, t] of this.#advance().entries()) {
        for (let f = 0; f < this.#fields.length; f++, i++) {
          rows.series[i] = hub * this.#fields.length + f + 1;
          rows.t[i] = t;
          rows.v[i] = (this.#walks[hub * this.#fields.length + f] ?? 0) / 100;
        }
      }
    }
    return rows;
  }
}
