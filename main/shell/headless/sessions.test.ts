import { expect, it } from 'vitest';
import { cookieValue, createSessions, sameSecret } from './sessions.ts';

it('S3 a session survives a restart, and only its hash is kept', async () => {
  let saved: string | undefined;
  const keep = async (json: string): Promise<void> => {
    saved = json;
  };
  const id = await createSessions(undefined, keep).open();
  expect(saved).not.toContain(id);
  const again = createSessions(saved, keep);
  expect([again.known(id), again.known('other'), again.known(undefined)]).toEqual([true, false, false]);
});

it('S3 of more than 100 sessions the oldest goes, and a damaged list opens nothing', async () => {
  const sessions = createSessions('{not json', async () => {});
  const first = await sessions.open();
  for (let i = 0; i < 100; i++) await sessions.open();
  expect(sessions.known(first)).toBe(false);
});

it('S3 compares secrets of any length and reads one cookie of many', () => {
  expect([sameSecret('a', 'a'), sameSecret('a', 'ab'), sameSecret('', 'x')]).toEqual([true, false, false]);
  expect(cookieValue('a=1; tidemark-8480=xyz; b=2', 'tidemark-8480')).toBe('xyz');
  expect(cookieValue(undefined, 'a')).toBeUndefined();
});
