import { describe, expect, it } from 'vitest';
import { hostAllowed, originMatches } from './guard.ts';

describe('S1 Host names are allow-listed, ports are not', () => {
  it.each([
    ['127.0.0.1:8480', true],
    ['localhost:9', true],
    ['[::1]:8480', true],
    ['LOCALHOST', true],
    ['gateway.site:443', true],
    ['10.0.0.5:8480', true],
    ['evil.example:8480', false],
    ['127.0.0.1.evil.example', false],
    ['', false],
    [undefined, false],
  ])('S1 %s -> %s', (host, allowed) => {
    expect(hostAllowed(host, ['gateway.site'], '10.0.0.5')).toBe(allowed);
  });
});

describe('S2 Origin must be exactly Host', () => {
  it.each([
    ['http://127.0.0.1:8480', '127.0.0.1:8480', true],
    ['https://gateway.site', 'gateway.site', true],
    ['http://gateway.site', 'gateway.site:80', true],
    ['http://127.0.0.1:8481', '127.0.0.1:8480', false],
    ['http://localhost:8480', '127.0.0.1:8480', false],
    ['null', '127.0.0.1:8480', false],
    ['file://127.0.0.1:8480', '127.0.0.1:8480', false],
    [undefined, '127.0.0.1:8480', false],
  ])('S2 %s for %s -> %s', (origin, host, matches) => {
    expect(originMatches({ origin, host })).toBe(matches);
  });
});
