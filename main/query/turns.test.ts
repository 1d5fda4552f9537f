import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { History, KEY } from '../testing/history.ts';
import { Turns } from './turns.ts';

const LARGE = 4_000;

describe('Q17 large queries take turns', () => {
  /** Asks for a turn; `state` tells what became of it. */
  const ask = (turns: Turns, signal?: AbortSignal) => {
    const turn = turns.begin();
    const own = { state: 'waits', turn };
    turn.grownTo(LARGE, signal).then(
      () => (own.state = 'goes on'),
      (error: { code: string }) => (own.state = error.code),
    );
    return own;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('Q17 two at once, the others in their order, and beyond 32 that wait they are refused', async () => {
    const turns = new Turns();
    const all = Array.from({ length: 40 }, () => ask(turns));
    await settle();
    const count = (state: string): number => all.filter((own) => own.state === state).length;
    expect([count('goes on'), count('waits'), count('busy')]).toEqual([2, 32, 6]);
    all[1]?.turn.end();
    await settle();
    expect(all.map(({ state }) => state).indexOf('waits')).toBe(3);
    for (const { turn } of all) {
      turn.end();
      await settle();
    }
    expect([count('goes on'), count('waits'), count('busy')]).toEqual([34, 0, 6]);
    expect(ask(turns).state).toBe('waits');
    await settle();
  });

  it('Q17 Q13 one that is cancelled while it waits leaves, and holds nothing up', async () => {
    const turns = new Turns();
    const [first, second] = [ask(turns), ask(turns)];
    const abort = new AbortController();
    const [third, fourth] = [ask(turns, abort.signal), ask(turns)];
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

  it('Q17 a small one never waits', async () => {
    const turns = new Turns();
    ask(turns);
    ask(turns);
    ask(turns);
    await expect(turns.begin().grownTo(LARGE - 1, undefined)).resolves.toBeUndefined();
  });
});

describe('Q17 over years of days with a reading each', () => {
  let h: History;
  beforeEach(async () => {
    h = await History.create();
  });
  afterEach(() => h.end());

  it('Q17 many questions at once: each is answered or refused, none is lost, and afterwards all go on', async () => {
    const days = LARGE + 100;
    h.site.append(Array.from({ length: days }, (_, day): [number, number] => [day * DAY_US, day]));
    const ask = () => h.service.raw({ key: KEY, from: 0, to: days * DAY_US, limit: 1 });
    const all = await Promise.allSettled(Array.from({ length: 40 }, ask));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(34);
    for (const answer of all)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'busy', retry: 'later' });
    expect((await ask()).t).toEqual(Float64Array.of(0));
    expect((await h.service.raw({ key: KEY, from: 0, to: DAY_US, limit: 1 })).t).toHaveLength(1);
  });
});
