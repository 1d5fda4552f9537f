import { expect, test } from 'vitest';
import { FIELDS, PumpSite } from './pump.ts';
import type { Recording } from './recordings.ts';
import { SYNTHETIC } from './synthetic.ts';

async function firstBody(recording: Recording): Promise<string> {
  for await (const { body } of recording.bodies()) return Buffer.from(body).toString();
  return '';
}

test('G8 synthetic recordings are the same each time they are asked for, and say that they are synthetic', async () => {
  for (const recording of SYNTHETIC) {
    expect(recording.name).toMatch(/^synthetic /);
    const body = await firstBody(recording);
    expect(body).toMatch(/^\w+.* \d{16}$/m);
    expect(await firstBody(recording)).toBe(body);
  }
});

test('G8 a pump site gives the same readings again, as lines and as columns', () => {
  const site = { hubs: 2, startUs: 1_700_000_000_000_000, stepUs: 1_000_000, seed: 4 };
  const lines = new PumpSite(site).lines(3).toString().trimEnd().split('\n');
  const { t, v } = new PumpSite(site).rows(3);
  expect(lines).toHaveLength(6);
  const read = lines.map((line) => /^pump,hub=h\d (.*) (\d+)$/.exec(line) ?? []);
  expect(read.flatMap(([, , at]) => FIELDS.map(() => Number(at)))).toEqual([...t]);
  expect(read.flatMap(([, fields = '']) => fields.split(',').map((f) => Number(f.split('=')[1])))).toEqual([...v]);
  expect(new PumpSite({ ...site, seed: 5 }).lines(3).toString()).not.toBe(`${lines.join('\n')}\n`);
});
