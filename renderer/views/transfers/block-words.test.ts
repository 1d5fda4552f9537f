import { expect, it } from 'vitest';
import type { Block } from '../../../shared/schemas.ts';
import { faultName, lookName, lookOf, lossOf, mayRetry, progressOf } from './block-words.ts';

const NOW = 1_000;
const parts = { parts: 5, parts_stored: 3, parts_verified: 2 };
const error = { code: 'integrity', message: 'm', at_us: 1 };
const retry = (of: Partial<Block>): boolean =>
  mayRetry({ state: 'uploading', last_error: null, next_attempt_us: null, ...of }, NOW);

it('UI5 progress is told in parts: first what is sent, then what is checked', () => {
  expect(progressOf({ state: 'planned', ...parts })).toBeUndefined();
  expect(progressOf({ state: 'uploading', ...parts })).toEqual({ of: 'sent', done: 3, total: 5 });
  expect(progressOf({ state: 'uploaded', ...parts })).toEqual({ of: 'checked', done: 2, total: 5 });
  expect(progressOf({ state: 'cold', ...parts })).toBeUndefined();
});

it('UI5 another try can be asked for when a block was set aside or is held back after a failure', () => {
  expect(retry({ state: 'quarantined' })).toBe(true);
  expect(retry({ last_error: error, next_attempt_us: NOW + 1 })).toBe(true);
  expect(retry({ last_error: error, next_attempt_us: NOW - 1 })).toBe(false);
  expect(retry({ next_attempt_us: NOW + 1 })).toBe(false);
  expect(retry({ state: 'cold', last_error: error, next_attempt_us: NOW + 1 })).toBe(false);
});

it('UI5 damage in the archive is never shown as being well in it, and what is missing is told as missing', () => {
  const of = (damaged: boolean, last_error: Block['last_error'] = null): string =>
    lookName(lookOf({ state: 'cold', damaged, last_error }));
  expect(of(false)).toBe('In archive');
  expect(of(true)).toBe('Damaged in archive');
  expect(of(true, error)).toBe('Damaged in archive');
  expect(of(true, { ...error, code: 'not-found' })).toBe('Missing in archive');
  expect(lossOf('missing')).not.toBe(lossOf('damaged'));
  expect(lossOf('cold')).toBeUndefined();
});

it('UI5 every failure has plain words, an unknown one too', () => {
  expect(faultName('full')).toBe('The archive has no room left.');
  expect(faultName('something-new')).toBe('It did not work.');
});
