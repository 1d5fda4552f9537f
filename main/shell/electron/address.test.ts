import { describe, expect, it } from 'vitest';
import { isPage, originOf, pageFile } from './address.ts';

const file = (url: string) => pageFile('/page', url)?.file;

describe('the address of the page', () => {
  it('E1 names its scripts, styles and pictures with their types', () => {
    expect(pageFile('/page', 'app://tidemark/assets/main-1a2b.js')).toEqual({
      file: '/page/assets/main-1a2b.js',
      type: 'text/javascript; charset=utf-8',
    });
    expect(file('app://tidemark/favicon.svg')).toBe('/page/favicon.svg');
  });

  it.each([
    'app://other/assets/main.js',
    'https://tidemark/assets/main.js',
    'app://tidemark/%2e%2e%2fsecret.js',
    'app://tidemark/..%2fsecret.js',
    'app://tidemark/..%5csecret.js',
    'app://tidemark/assets%2f..%2f..%2fsecret.js',
    'app://tidemark/.sources',
    'app://tidemark/assets/.hidden.js',
    'app://tidemark/main.js%00.png',
    'app://tidemark/%ff.js',
    'app://tidemark/tidemark.db',
    'app://tidemark/',
  ])('E1 names nothing else of the disk: %s', (url) => {
    expect(file(url)).toBeUndefined();
  });

  it('E1 is the page whatever view is asked for', () => {
    expect(isPage('app://tidemark/?view=history')).toBe(true);
    expect(isPage('app://tidemark/other')).toBe(false);
    expect(isPage('app://other/')).toBe(false);
  });

  it('E1 has an origin although Node knows none for its scheme', () => {
    expect(originOf('app://tidemark/assets/main.js?x#y')).toBe('app://tidemark');
    expect(originOf('http://127.0.0.1:8480/#t=abc')).toBe('http://127.0.0.1:8480');
  });
});
