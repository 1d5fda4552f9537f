import { expect, test } from 'vitest';
import { compared, type Measure, plain, relaxed } from './measure.ts';
import { jsonLine, markdown, table } from './report.ts';

const bar = { of: 'ratio', op: '>=', limit: 6 } as const;
const rounds = [1, 2, 9].map((subject) => ({ subject: subject * 10, baseline: 10 }));
const rate = compared({ name: 'rate', unit: 'readings/s', baseline: 'rows', bar }, rounds);
const delay = plain({ name: 'delay', unit: 'ms', aim: { of: 'value', op: '<=', limit: 20 } }, [4, 5, 6]);

test('G6 a JSON line has every key, null where there is none', () => {
  expect(JSON.parse(jsonLine('ingest', rate))).toEqual({
    group: 'ingest',
    name: 'rate',
    value: 20,
    unit: 'readings/s',
    baseline: 'rows',
    baseline_value: 10,
    ratio: 2,
    spread: [1, 9],
    bar: '>= 6x',
    met: false,
    aim: null,
    aim_met: null,
  });
  const without = { baseline: null, baseline_value: null, ratio: null, bar: null, met: null };
  expect(JSON.parse(jsonLine('loop', delay))).toMatchObject({ ...without, aim: '<= 20', aim_met: true });
});

test('G6 the document has each bar with its verdict, each figure and each group that could not run', () => {
  const count: Measure = { name: 'days', unit: 'days', value: 1_234 };
  const text = markdown([
    { name: 'ingest', seconds: 3, measures: [rate, count] },
    { name: 'loop', seconds: 1, measures: [delay] },
    { name: 'upload', seconds: 0, measures: [], error: new Error('no rclone') },
  ]);
  const [before = '', goals = '', ...groups] = text.split(/^### /m);
  expect(before).toContain('Could not run: upload');
  expect(goals).toContain('| ingest | rate | 20 readings/s | 10 rows | 2x | 1 to 9 | bar >= 6x | MISSED |');
  expect(goals).toContain('| loop | delay | 5 ms |  |  | 4 to 6 | aim <= 20 | reached |');
  expect(goals).not.toContain('| days |');
  expect(groups.map((group) => group.split('\n')[0])).toEqual(['ingest (3 s)', 'loop (1 s)', 'upload (0 s)']);
  expect(groups[0]).toContain('| days | 1,234 days |');
  expect(groups[2]).toContain('Could not run: no rclone');
  expect(table('ingest', [rate])).toMatch(/^rate +20 readings\/s +10 rows +2x +1 to 9 +bar >= 6x +MISSED$/m);
});

test('G5 a relaxed bar on a ratio allows twice as much, and other bars are dropped', () => {
  expect(relaxed(rate, 2).bar).toEqual({ ...bar, limit: 3 });
  expect(relaxed({ ...rate, bar: { ...bar, op: '<=' } }, 2).bar).toEqual({ ...bar, op: '<=', limit: 12 });
  expect(relaxed({ ...delay, bar: { of: 'value', op: '<=', limit: 1 } }, 2)).toEqual(delay);
});
