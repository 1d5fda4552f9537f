import { randomSource } from './random.ts';
import { ofLines, type Recording } from './recordings.ts';

const START_US = 1_700_000_000_000_000;
const SECOND_US = 1_000_000;

/** What no recording at hand shows, made by formulas: each says so by its name. The same in every run. */
export const SYNTHETIC: readonly Recording[] = [
  ofLines('synthetic power meter, 1 Hz', powerMeter),
  ofLines('synthetic vibration, 12 bit, 2 kHz', vibration),
  ofLines('synthetic valve states, on change', valves),
  ofLines('synthetic float32 temperatures, 10 s', float32Walk),
  ofLines('synthetic vehicle positions, 1 Hz', positions),
];

/** About normal, with mean 0 and variance 1: the sum of twelve uniform numbers. */
function normal(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

/** Voltage with one decimal, current with two that steps as loads come and go, and a counter of watt-hours, a day of it. */
function* powerMeter(): Generator<string> {
  const random = randomSource(11);
  let [amps, energy] = [4, 1_284_551];
  for (let s = 0; s < 86_400; s++) {
    if (random() < 0.002) amps = 0.5 + random() * 15;
    const volts = 230 + 2 * Math.sin(s / 7_000) + 0.3 * normal(random);
    const now = amps + 0.02 * normal(random);
    energy += (volts * now) / 3_600;
    const fields = `volts=${volts.toFixed(1)},amps=${now.toFixed(2)},energy=${Math.floor(energy)}`;
    yield `meter,phase=l1 ${fields} ${START_US + s * SECOND_US}`;
  }
}

/** A minute and a half of two tones and noise, as steps of a 12-bit converter of 10 V. */
function* vibration(): Generator<string> {
  const random = randomSource(12);
  for (let i = 0; i < 180_000; i++) {
    const volts = 1.2 * Math.sin(i * 0.157) + 0.4 * Math.sin(i * 0.61 + 1) + 0.05 * normal(random);
    yield `vibration,axis=x value=${(Math.round(volts / (10 / 4_096)) * 10) / 4_096} ${START_US + i * 500}`;
  }
}

/** Twenty valves for ten days, each told when it changes, in milliseconds. */
function* valves(): Generator<string> {
  const random = randomSource(13);
  const next = Array.from({ length: 20 }, () => random() * 600_000);
  const states = next.map(() => 0);
  for (let n = 0; n < 60_000; n++) {
    const valve = next.indexOf(Math.min(...next));
    const at = Math.floor(next[valve] ?? 0);
    states[valve] = 1 - (states[valve] ?? 0);
    yield `valve,n=${valve} open=${states[valve] === 1} ${START_US + at * 1_000}`;
    next[valve] = at - Math.log(random()) * 288_000;
  }
}

/** Eight sensors that compute in single precision and send all its digits, for three days. */
function* float32Walk(): Generator<string> {
  const random = randomSource(14);
  const values = Array.from({ length: 8 }, () => 20 + random() * 10);
  for (let i = 0; i < 25_920; i++) {
    const fields = values.map((value, s) => {
      values[s] = value + 0.01 * normal(random);
      return `t${s}=${Math.fround(value)}`;
    });
    yield `furnace ${fields.join()} ${START_US + i * 10 * SECOND_US}`;
  }
}

/** A day of latitude and longitude with seven decimals and speed with one. */
function* positions(): Generator<string> {
  const random = randomSource(15);
  let [lat, lon, heading, speed] = [48.1, 11.5, 1, 12];
  for (let s = 0; s < 86_400; s++) {
    heading += 0.03 * normal(random);
    speed = Math.max(0, speed + 0.3 * normal(random));
    lat += (speed * Math.cos(heading)) / 111_320;
    lon += (speed * Math.sin(heading)) / 74_400;
    const at = START_US + s * SECOND_US + Math.floor(random() * 3) * 1_000;
    yield `vehicle,n=7 lat=${lat.toFixed(7)},lon=${lon.toFixed(7)},speed=${speed.toFixed(1)} ${at}`;
  }
}
