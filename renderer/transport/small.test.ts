import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';
import { decodeColumn } from './decode.ts';
import { toCallError } from './errors.ts';
import { tokenOf } from './session.ts';

it('U4 columns decode bit-exactly: NaN, -0, infinities, denormals, 2^53', () => {
  const values = Float64Array.of(1.5, -0, Number.NaN, Infinity, -Infinity, 5e-324, 2 ** 53, -1795468691250524);
  const decoded = decodeColumn(Buffer.from(values.buffer).toString('base64'));
  expect(decoded.length).toBe(values.length);
  for (const [i, v] of values.entries()) expect(Object.is(decoded[i], v), `value ${i}`).toBe(true);
  expect(decodeColumn('')).toHaveLength(0);
});

it('U4 a cut column is refused', () => {
  expect(() => decodeColumn(Buffer.from([1, 2, 3]).toString('base64'))).toThrow('3 bytes');
});

it('U1 the wait doubles to 10 s, between half and all of it', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((n) => backoffMs(n, 1))).toEqual([500, 1000, 2000, 4000, 8000, 10000, 10000]);
  expect(backoffMs(0, 0)).toBe(250);
});

it('U2 reads the token of the printed address', () => {
  expect(tokenOf('#t=abc-_9')).toBe('abc-_9');
  expect([tokenOf(''), tokenOf('#t='), tokenOf('#other=1')]).toEqual([undefined, undefined, undefined]);
});

it('U3 contract errors keep code, message and action; anything else is a broken connection', () => {
  const error = Object.assign(new Error('no such series'), { code: 'NOT_FOUND', data: { action: 'list them' } });
  expect(toCallError(error)).toMatchObject({ code: 'NOT_FOUND', message: 'no such series', action: 'list them' });
  expect(toCallError(new Error('socket closed'))).toMatchObject({ code: 'gone', action: '' });
  expect(toCallError('x').message).toBe('x');
});
