import { DAY_US } from '../../shared/units.ts';

/** Bodies of line protocol that ask much of memory, timestamps in microseconds. */
export interface HardInput {
  name: string;
  bodies: Buffer[];
  /** Sent at once. */
  clients: number;
  /** Most resident memory, MB: some 25% above what was measured. */
  most: number;
  /** Most of it is refused, by name. */
  isRefused?: true;
}

const MANY_SERIES = 100_000;
const START_US = 1_700_000_000_000_000;
const YEAR_US = 31_557_600_000_000;

function body(lines: number, line: (i: number) => string): Buffer {
  return Buffer.from(Array.from({ length: lines }, (_, i) => line(i)).join('\n'));
}

export function hardInputs(): HardInput[] {
  const large = body(1_000_000, (i) => `m,n=${i % 50} a=${(i % 1_000) / 10} ${START_US + i}`);
  const unknown = body(1_000_000, (i) => `new,n=${i} f=1`);
  const fast = Array.from({ length: 30 }, (_, n) =>
    body(200_000, (i) => `fast v=${(i % 1_000) / 10} ${START_US + (n * 200_000 + i) * 50}`),
  );
  const many = Array.from({ length: 5 }, (_, n) =>
    body(MANY_SERIES, (i) => `many,n=${i} f=${(i % 100) / 4} ${START_US + n * 60_000_000}`),
  );
  const years = body(20_000, (i) => `years,n=${i % 100} f=1 ${START_US - Math.floor(i / 100) * YEAR_US}`);
  const days = body(240_000, (i) => `days f=${i % 10} ${START_US - i * 0.5 * DAY_US}`);
  const jumps = body(50_000, (i) => `clock f=${i % 10} ${START_US + (i % 2 === 0 ? -3 : 3) * YEAR_US + i}`);
  return [
    { name: 'one body of 1,000,000 lines', bodies: [large], clients: 1, most: 300 },
    { name: '8 clients, 1,000,000 lines each', bodies: Array(8).fill(large), clients: 8, most: 700 },
    { name: '1,000,000 new series', bodies: [unknown], clients: 1, most: 400, isRefused: true },
    { name: 'one series at 20 kHz, 5 minutes', bodies: fast, clients: 2, most: 400 },
    { name: '100,000 series, 5 readings each', bodies: many, clients: 1, most: 320 },
    { name: '100 series, one reading a year over 200 years', bodies: [years], clients: 1, most: 250 },
    { name: '240,000 readings over 120,000 days', bodies: [days], clients: 1, most: 280 },
    { name: 'a clock that jumps 6 years', bodies: [jumps], clients: 1, most: 250 },
  ];
}
