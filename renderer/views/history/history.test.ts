import { describe, expect, it, vi } from 'vitest';
import type { QueryUpdate, Series } from '../../../shared/schemas.ts';
import { gone } from '../../transport/errors.ts';
import { formatAddress, parseAddress } from './address.ts';
import { firstRecorded, linesOf, pendingOf, runsOf } from './board.ts';
import { type Feed, Feeds, type Want } from './feeds.ts';
import { parseKept } from './kept-series.ts';
import { longestWord, matching, pickerRows, searchWords } from './picker-rows.ts';

describe('address', () => {
  it('U12 keeps series, range and layout; a preset that is usual is left out', () => {
    const query = 'series=pump.temp&series=a.b%7Bhub%3Dh1%7D&range=7d&from=1000&to=2000&layout=stacked&show=table';
    const address = parseAddress(new URLSearchParams(query));
    expect(address).toEqual({
      series: ['pump.temp', 'a.b{hub=h1}'],
      preset: '7d',
      range: { from: 1_000, to: 2_000 },
      layout: 'stacked',
      table: true,
    });
    expect(formatAddress(address).toString()).toBe(query);
    expect(formatAddress(parseAddress(new URLSearchParams('range=24h&series=x.y'))).toString()).toBe('series=x.y');
  });

  it('U12 what is no range is ignored, a series is shown once, at most eight are', () => {
    const many = Array.from({ length: 12 }, (_, i) => `series=s.f${i >> 1 ? i : 0}`).join('&');
    expect(parseAddress(new URLSearchParams(many)).series).toHaveLength(8);
    for (const bad of ['from=5&to=5', 'from=9&to=1', 'from=&to=', 'from=x&to=2', 'from=1', 'range=2w'])
      expect(parseAddress(new URLSearchParams(bad))).toMatchObject({ range: undefined, preset: '24h' });
  });
});

const series = (key: string, measurement: string): Series => ({
  key,
  measurement,
  field: 'f',
  tags: {},
  unit: '',
  last: null,
});

describe('picker', () => {
  const all = [series('pump.temp{hub=h2}', 'pump'), series('pump.temp{hub=h1}', 'pump'), series('wind.speed', 'wind')];
  const texts = { pinned: 'Pinned', recent: 'Recent', noHub: 'No hub' };

  it('U13 pinned and recent ones first, then by hub and measurement', () => {
    const kept = { pinned: ['wind.speed', 'gone.x'], recent: ['wind.speed', 'pump.temp{hub=h1}'] };
    const rows = pickerRows(all, kept, texts, false);
    expect(rows.map((row) => (row.kind === 'group' ? row.title : row.series.key))).toEqual([
      'Pinned',
      'wind.speed',
      'Recent',
      'pump.temp{hub=h1}',
      'h1 · pump',
      'pump.temp{hub=h1}',
      'h2 · pump',
      'pump.temp{hub=h2}',
      'No hub · wind',
      'wind.speed',
    ]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    // Of more series than one list holds, a pinned one may be among the others.
    expect(pickerRows(all, kept, texts, true)[2]).toMatchObject({ series: { key: 'gone.x', field: 'x' } });
  });

  it('U13 every word must be in the key, in any order', () => {
    const words = searchWords(' H1  temp ');
    expect(longestWord(words)).toBe('temp');
    expect(matching(all, words).map((s) => s.key)).toEqual(['pump.temp{hub=h1}']);
  });

  it('U13 what the browser kept and is no list is forgotten', () => {
    expect(parseKept('{"pinned":["a",1],"recent":"x"}')).toEqual({ pinned: ['a'], recent: [] });
    for (const bad of [null, 'nonsense', '[]', '7']) expect(parseKept(bad)).toEqual({ pinned: [], recent: [] });
  });
});

const update = (part: Partial<QueryUpdate>): QueryUpdate => ({
  series: 'a.b',
  unit: '',
  from: 0,
  to: 1_000,
  raw: true,
  columns: { t: '', min: '', max: '', mean: '', first: '', last: '', count: '' },
  coverage: [],
  cold: { bytes: 0, total_bytes: 0, requests: 0 },
  done: true,
  coarse: false,
  ...part,
});

/** Streams that the test feeds by hand. */
function streams() {
  const open: { want: Want; signal: AbortSignal; send(u: QueryUpdate): void; fail(e: Error): void }[] = [];
  async function* ask(want: Want, signal: AbortSignal): AsyncGenerator<QueryUpdate> {
    let wake: () => void = () => {};
    let failure: Error | undefined;
    const queue: QueryUpdate[] = [];
    open.push({
      want,
      signal,
      send: (u) => {
        queue.push(u);
        wake();
      },
      fail: (e) => {
        failure = e;
        wake();
      },
    });
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) yield next;
      else if (failure !== undefined) throw failure;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  return { open, feeds: new Feeds(ask) };
}

describe('feeds', () => {
  const want = (key: string, to = 1_000): Want => ({ key, range: { from: 0, to }, points: 10 });

  it('U14 one stream a series; a new range ends the old stream and keeps its picture until the first answer', async () => {
    const { open, feeds } = streams();
    feeds.want([want('a.b')]);
    open[0]?.send(update({ unit: 'C' }));
    await vi.waitFor(() => expect(feeds.state().get('a.b')?.phase).toBe('done'));
    feeds.want([want('a.b'), want('c.d')]);
    expect(open.map((s) => s.want.key)).toEqual(['a.b', 'c.d']);
    feeds.want([want('a.b', 500), want('c.d')]);
    expect(open).toHaveLength(3);
    expect(open[0]?.signal.aborted).toBe(true);
    expect(feeds.state().get('a.b')).toMatchObject({ phase: 'asking', picture: { unit: 'C' } });
    open[0]?.send(update({ unit: 'late' }));
    open[2]?.send(update({ unit: 'K', to: 500 }));
    await vi.waitFor(() => expect(feeds.state().get('a.b')?.picture?.unit).toBe('K'));
    feeds.want([want('c.d')]);
    expect([...feeds.state().keys()]).toEqual(['c.d']);
    expect(open[2]?.signal.aborted).toBe(true);
  });

  it('U14 a person stops the fetching; a lost gateway keeps the picture; both can be asked again', async () => {
    const { open, feeds } = streams();
    feeds.want([want('a.b')]);
    open[0]?.send(update({ done: false, unit: 'C' }));
    await vi.waitFor(() => expect(feeds.state().get('a.b')?.phase).toBe('fetching'));
    feeds.cancel();
    expect(feeds.state().get('a.b')?.phase).toBe('stopped');
    expect(open[0]?.signal.aborted).toBe(true);
    feeds.again((feed) => feed.phase === 'stopped');
    open[1]?.fail(gone('no connection'));
    await vi.waitFor(() => expect(feeds.state().get('a.b')?.phase).toBe('failed'));
    expect(feeds.state().get('a.b')).toMatchObject({ picture: { unit: 'C' }, error: { code: 'gone' } });
    feeds.again();
    expect(open).toHaveLength(3);
    feeds.stop();
    expect(open[2]?.signal.aborted).toBe(true);
  });
});

describe('board', () => {
  const feed = (key: string, unit: string): Feed => ({
    key,
    phase: 'done',
    since: 0,
    error: undefined,
    picture: {
      unit,
      range: { from: 0, to: 100 },
      raw: true,
      layers: [],
      coverage: [{ from: 0, to: 100, source: 'cold' }],
      pending: [{ from: 20, to: 60 }],
      coarse: false,
      cold: { bytes: 0, total_bytes: 0, requests: 0 },
    },
  });

  it('U15 series of one unit share a scale; without units, those of one field do', () => {
    const scales = (...feeds: Feed[]): number => new Set(linesOf(feeds).map((line) => line.scale)).size;
    expect(scales(feed('a.x', 'C'), feed('b.y', 'C'))).toBe(1);
    expect(scales(feed('a.x', ''), feed('b.x', ''), feed('b.y', ''))).toBe(2);
  });

  it('U15 all of the chosen series begins with the first of them, once they have answered', () => {
    const range = { from: 0, to: 100 };
    const late = feed('a.x', '');
    if (late.picture !== undefined) {
      late.picture = {
        ...late.picture,
        coverage: [
          { from: 0, to: 40, source: 'none' },
          { from: 40, to: 100, source: 'local' },
        ],
      };
    }
    expect(firstRecorded([late], range)).toBe(40);
    expect(firstRecorded([late, feed('b.x', '')], range)).toBe(0);
    expect(firstRecorded([late, { ...late, phase: 'fetching' }], range)).toBeUndefined();
    expect(firstRecorded([late], { from: 7, to: 100 })).toBeUndefined();
  });

  it('U15 nothing is said of time that no picture covers yet', () => {
    const { picture } = feed('a.x', '');
    const pictures = picture === undefined ? [] : [picture];
    const [run, ...others] = runsOf(pictures, { from: 50, to: 150 });
    expect(others).toEqual([]);
    expect(run).toMatchObject({ band: 'archive', start: 0 });
    expect(run?.width).toBeCloseTo(0.5);
    expect(pendingOf([...pictures, ...pictures], { from: 0, to: 100 })).toEqual([{ start: 0.2, width: 0.4 }]);
  });
});
