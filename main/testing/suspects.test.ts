import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { Site } from './site.ts';

const DAYS = [60, 61, 62, 63, 64];
let archive: MemoryStore;
let site: Site;
beforeEach(() => {
  archive = createMemoryStore(1_000_000);
  site = new Site(archive);
  for (const day of DAYS) site.fillDay(day);
});
afterEach(() => site.end());

/** How passes end, one after the other: the fault of each, or none. */
async function passes(n: number): Promise<string[]> {
  const ends: string[] = [];
  for (let i = 0; i < n; i++) {
    ends.push(
      await site.tiering.runOnce('interval').then(
        () => '',
        (error: { fault?: string }) => `${error.fault}`,
      ),
    );
    site.clock.advance(1_000);
  }
  return ends;
}
const states = (): Record<number, string> =>
  Object.fromEntries(site.store.blocks().map(({ day, state }) => [day, state]));
const told = (): string[] => site.store.events({ limit: 100 }).map(({ code }) => code);
const tries = (): number => archive.calls.filter(({ method, key }) => method === 'put' && key.endsWith('.tmb')).length;

const COLD = { 60: 'cold', 61: 'cold', 62: 'cold', 63: 'cold', 64: 'cold' };

describe('P11 one object that the archive refuses by a fault of its own', () => {
  it.each([
    ['takes', ['put'], 'uploading'],
    ['proves', ['head'], 'uploaded'],
    ['gives back', ['get'], 'uploaded'],
  ] as const)(
    'P11 that it never %s: all others go at once, it waits and is tried again, and the link is not to blame',
    async (_, methods, state) => {
      archive.fail = (method, key) =>
        key.includes('date=1970-03-02') && methods.some((m) => m === method) ? { fault: 'server' } : undefined;
      // The first pass ends at it, or the link would be tried again and again where it is the link.
      expect(await passes(5)).toEqual(['server', 'server', '', '', '']);
      expect(states()).toEqual({ ...COLD, 60: state });
      expect(site.store.blocks({ day: 60 })).toMatchObject([{ attempts: 0, lastError: { code: 'server' } }]);
      expect(told().filter((code) => code === 'TM-BLOCK-RETRY')).toHaveLength(1);
      expect(site.tiering.status().link.state).toBe('ok');
      await site.expectWhole();
      archive.fail = undefined;
      site.clock.advance(600_000);
      expect(await passes(1)).toEqual(['']);
      expect(states()).toEqual(COLD);
      await site.expectWhole();
    },
  );

  it('P11 while the archive refuses all objects it is the archive: none is set aside, and each pass tries only few', async () => {
    archive.fail = (method, key) => (method === 'put' && key.endsWith('.tmb') ? { fault: 'server' } : undefined);
    expect(new Set(await passes(8))).toEqual(new Set(['server']));
    expect(told()).not.toContain('TM-BLOCK-RETRY');
    expect(tries()).toBeLessThanOrEqual(8 * 5);
    archive.fail = undefined;
    expect(await passes(1)).toEqual(['']);
    expect(states()).toEqual(COLD);
    await site.expectWhole();
  });

  it('P11 Q8 a cold object that it never gives again leaves the link as it is: others are read', async () => {
    await passes(1);
    archive.fail = (method, key) =>
      method === 'get' && key.includes('date=1970-03-02') ? { fault: 'server' } : undefined;
    const { key } = site.store.blocks({ day: 60 })[0]!;
    await archive.get(key, { offset: 0, length: 1 }, { ifMatch: '' }).catch((error) => site.tiering.observe(error));
    expect(site.tiering.linkAway()).toBe(false);
    await passes(1);
    expect(site.tiering.status().link.state).toBe('ok');
  });
});
