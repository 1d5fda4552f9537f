import { expect, it } from 'vitest';
import type { Status } from '../../shared/schemas.ts';
import { linkAge } from './link-age.ts';

const NOW = 1e15;
const link = (state: Status['link']['state'], agoS: number | undefined): Status['link'] => ({
  state,
  since_us: null,
  last_success_us: agoS === undefined ? null : NOW - agoS * 1e6,
  last_error: null,
});

it('ST11 a link that was proven more than a minute ago is told with how long ago; what is wrong is told as it is', () => {
  expect(linkAge(link('ok', 59), NOW, 'en-GB')).toBeUndefined();
  expect(linkAge(link('ok', 60), NOW, 'en-GB')).toBe('1 min ago');
  expect(linkAge(link('slow', 240), NOW, 'en-GB')).toBe('4 min ago');
  expect(linkAge(link('offline', 240), NOW, 'en-GB')).toBeUndefined();
  expect(linkAge(link('unset', undefined), NOW, 'en-GB')).toBeUndefined();
});
