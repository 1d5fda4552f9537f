import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { History, KEY } from '../testing/history.ts';
import { Turns, weightOf } from './turns.ts';

const [LARGE, HUGE] = [500, 4_000];

describe('Q17 large queries take turns', () => {
  /** Asks for a turn; `state` tells what became of it. */
  const ask = (turns: Turns, weight = LARGE, signal?: AbortSignal) => {
    const turn = turns.begin();
    const own = { state: 'waits', turn };
    turn.grownTo(weight, signal).then(
      () => (own.state = 'goes on'),
      (error: { code: string }) => (own.state = error.code),
    );
    return own;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('Q17 eight at once, the others in their order, and beyond 32 that wait they are refused', async () => {
    const turns = new Turns();
    const all = Array.from({ length: 46 }, () => ask(turns));
    await settle();
    const count = (state: string): number => all.filter((own) => own.state === state).length;
    expect([count('goes on'), count('waits'), count('busy')]).toEqual([8, 32, 6]);
    all[1]?.turn.end();
    await settle();
    expect(all.map(({ state }) => state).indexOf('waits')).toBe(9);
    for (const { turn } of all) {
      turn.end();
      await settle();
    }
    expect([count('goes on'), count('waits'), count('busy')]).toEqual([40, 0, 6]);
    const again = ask(turns);
    await settle();
    expect(again.state).toBe('goes on');
  });

  it('Q17 of the largest two at once, and others go on beside them', async () => {
    const turns = new Turns();
    const huge = Array.from({ length: 4 }, () => ask(turns, HUGE));
    const large = ask(turns);
    await settle();
    const states = (): string[] => huge.map(({ state }) => state);
    expect([states(), large.state]).toEqual([['goes on', 'goes on', 'waits', 'waits'], 'goes on']);
    for (const { turn } of huge) {
      turn.end();
      await settle();
    }
    expect(states()).toEqual(Array(4).fill('goes on'));
    const more = Array.from({ length: 7 }, () => ask(turns));
    await settle();
    expect(more.every(({ state }) => state === 'goes on')).toBe(true);
  });

  it('Q17 Q13 one that is cancelled while it waits leaves, and holds nothing up', async () => {
    const turns = new Turns();
    const [first, second] = [ask(turns, HUGE), ask(turns, HUGE)];
    const abort = new AbortController();
    const [third, fourth] = [ask(turns, HUGE, abort.signal), ask(turns, HUGE)];
    await settle();
    abort.abort();
    await settle();
    expect(third.state).toBe('cancelled');
    third.turn.end();
    await settle();
    expect(fourth.state).toBe('waits');
    first.turn.end();
    await settle();
    expect([second.state, fourth.state]).toEqual(['goes on', 'goes on']);
  });

  it('Q17 a small one never waits, and an answer weighs as its plan does', async () => {
    const turns = new Turns();
    for (let i = 0; i < 20; i++) ask(turns);
    await expect(turns.begin().grownTo(LARGE - 1, undefined)).resolves.toBeUndefined();
    expect([weightOf(20, 2_000), weightOf(0, 100_000)]).toEqual([40, 1_000]);
  });
});

describe('Q17 over years of days with a reading each', () => {
  let h: History;
  beforeEach(async () => {
    h = await History.create();
  });
  afterEach(() => h.end());

  it('Q17 many questions at once: each is answered or refused, none is lost, and afterwards all go on', async () => {
    const days = HUGE + 100;
    h.site.append(Array.from({ length: days }, (_, day): [number, number] => [day * DAY_US, day]));
    const ask = () => h.service.raw({ key: KEY, from: 0, to: days * DAY_US, limit: 100_000 });
    const all = await Promise.allSettled(Array.from({ length: 46 }, ask));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(40);
    for (const answer of all)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'busy', retry: 'later' });
    expect((await ask()).t).toHaveLength(days);
    expect((await h.service.raw({ key: KEY, from: 0, to: DAY_US, limit: 1 })).t).toHaveLength(1);
  });
});
