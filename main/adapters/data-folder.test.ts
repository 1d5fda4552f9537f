import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiToken, openDataFolder, readGatewayFile } from './data-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-folder-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the data folder', () => {
  it('CFG5 makes its folders, private, and ends where no folder can be made', () => {
    openDataFolder(join(dir, 'a/b/c'));
    expect(statSync(join(dir, 'a/b/c')).mode & 0o777).toBe(0o700);
    symlinkSync('nowhere', join(dir, 'dangling'));
    for (const folder of ['/proc/tm', '/proc/tm/deeper', '/dev/null/x', join(dir, 'dangling'), join(dir, 'dangling/x')])
      expect(() => openDataFolder(folder)).toThrow(/cannot use the data folder/);
  });

  it('CFG5 reads no pipe and no folder as a token or an address', () => {
    execFileSync('mkfifo', [join(dir, 'api-token'), join(dir, 'gateway.json')]);
    expect(() => apiToken(dir)).toThrow(/api-token is not a regular file/);
    expect(readGatewayFile(dir)).toBe(undefined);
    rmSync(join(dir, 'api-token'));
    mkdirSync(join(dir, 'api-token'));
    expect(() => apiToken(dir)).toThrow(/api-token is not a regular file/);
    rmSync(join(dir, 'api-token'), { recursive: true });
    execFileSync('mkfifo', [join(dir, 'api-token.tmp')]);
    const token = apiToken(dir);
    expect(readFileSync(join(dir, 'api-token'), 'utf8')).toBe(`${token}\n`);
    expect(apiToken(dir)).toBe(token);
  });
});
