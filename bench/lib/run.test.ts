import { expect, test } from 'vitest';
import type { Measure } from './measure.ts';
import { exitCode, type Group, type Outcome, runGroups } from './run.ts';

const fine: Measure = { name: 'fine', unit: 'ms', value: 1, bar: { of: 'value', op: '<=', limit: 1 } };

async function outcomesOf(groups: Record<string, Group>, limitMs?: number): Promise<Outcome[]> {
  return Array.fromAsync(runGroups(new Map(Object.entries(groups)), limitMs));
}

test('G4 groups go on after one that throws, and after one whose error nothing waits for', async () => {
  const outcomes = await outcomesOf({
    throws: () => {
      throw new Error('no room');
    },
    stray: () => {
      void Promise.reject(new Error('lost'));
      return new Promise<never>(() => undefined);
    },
    works: () => [fine],
  });
  expect(outcomes).toMatchObject([
    { name: 'throws', measures: [], error: { message: 'no room' } },
    { name: 'stray', measures: [], error: { message: 'lost' } },
    { name: 'works', measures: [fine] },
  ]);
  expect(exitCode(outcomes)).toBe(2);
});

test('G4 a group that does not end is given up', async () => {
  const outcomes = await outcomesOf({ hangs: () => new Promise<never>(() => undefined), works: () => [fine] }, 50);
  expect(outcomes).toMatchObject([
    { name: 'hangs', error: { message: 'it did not end within 0.05 s' } },
    { name: 'works', measures: [fine] },
  ]);
});

test('G5 a missed bar fails the run, a missed aim does not', async () => {
  const goal = { of: 'value', op: '<=', limit: 0 } as const;
  const code = async (...measures: Measure[]): Promise<number> => exitCode(await outcomesOf({ group: () => measures }));
  expect(await code(fine)).toBe(0);
  expect(await code(fine, { ...fine, aim: goal })).toBe(0);
  expect(await code(fine, { ...fine, bar: goal })).toBe(1);
});
