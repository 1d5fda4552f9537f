/** Bodies of line protocol that ask much of memory, timestamps in microseconds. */
export interface HardInput {
  name: string;
  bodies: Buffer[];
  /** Sent at once. */
  clients: number;
}

const MANY_SERIES = 100_000;
const START_US = 1_700_000_000_000_000;
const YEAR_US = 31_557_600_000_000;

function body(lines: number, line: (i: number) => string): Buffer {
  return Buffer.from(Array.from({ length: lines }, (_, i) => line(i)).join('\n'));
}

export function hardInputs(): HardInput[] {
  const large = body(1_000_000, (i) => `m,n=${i % 50} a=${(i % 1_000) / 10} ${START_US + i}`);
  const fast = Array.from({ length: 10 }, (_, n) =>
    body(200_000, (i) => `fast v=${(i % 1_000) / 10} ${START_US + (n * 200_000 + i) * 50}`),
  );
  const many = Array.from({ length: 5 }, (_, n) =>
    body(MANY_SERIES, (i) => `many,n=${i} f=${(i % 100) / 4} ${START_US + n * 60_000_000}`),
  );
  const years = body(20_000, (i) => `years,n=${i % 100} f=1 ${START_US - Math.floor(i / 100) * YEAR_US * 0.25}`);
  const jumps = body(50_000, (i) => `clock f=${i % 10} ${START_US + (i % 2 === 0 ? -3 : 3) * YEAR_US + i}`);
  return [
    { name: '8 clients, 1,000,000 lines each', bodies: Array(8).fill(large), clients: 8 },
    { name: 'one series at 20 kHz, 100 s', bodies: fast, clients: 2 },
    { name: '100,000 series, 5 readings each', bodies: many, clients: 1 },
    { name: '100 series over 50 years, a clock that jumps 6 years', bodies: [years, jumps], clients: 2 },
  ];
}
