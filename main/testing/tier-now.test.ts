import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { ServedSite } from './served-site.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function startSite(directory: string): Promise<ServedSite> {
  const site = new ServedSite(`[cold]\ndirectory = "${directory}"\n`);
  cleanups.push(() => site.end());
  await site.start();
  return site;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-cold-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The command said why, in the gateway's words, and nothing of it reads like success. */
function expectRefused(site: ServedSite, reason: RegExp): void {
  const told = site.gateway.cli('tier-now', '--wait');
  expect(told).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(reason) });
  const json = site.gateway.cli('tier-now', '--wait', '--json');
  expect(json.status).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ done: false, reason: expect.stringMatching(reason) });
}

describe('CLI1 tier-now --wait', { timeout: 180_000 }, () => {
  it('CLI1 ends with 0 once everything is there, and with 1 and the reason while another gateway of the same id writes to the archive', async () => {
    const directory = newFolder();
    const first = await startSite(directory);
    await first.fillDay('a', first.firstDay, 500);
    expect(first.gateway.cli('tier-now', '--wait')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Done\. In the archive: 1 block .*Nothing waits/),
    });
    const second = await startSite(directory);
    await second.fillDay('b', second.firstDay, 500);
    expectRefused(second, /another gateway with the id "site1" writes to this archive/);
    expect((await second.status()).tiers.cold.blocks).toBe(0);
  });

  it('CLI1 ends with 1 while a day that is due cannot be packed, and with 0 once it can', async () => {
    const site = await startSite(newFolder());
    await site.fillDay('a', site.firstDay, 500);
    const db = new Database(join(site.gateway.data, 'tidemark.db'));
    cleanups.push(() => void db.close());
    db.exec("create trigger broken before insert on segment begin select raise(abort, 'broken by the test'); end");
    expectRefused(site, /1 day is due but still on this gateway \(500 readings\)|could not be packed/);
    db.exec('drop trigger broken');
    expect(site.gateway.cli('tier-now', '--wait')).toMatchObject({ status: 0 });
    expect((await site.status()).tiers.cold).toMatchObject({ readings: 500 });
  });

  it('CLI1 a folder that is not mounted is called neither a bucket nor missing a reason', async () => {
    const folder = newFolder();
    const site = await startSite(join(folder, 'archive'));
    renameSync(join(folder, 'archive'), join(folder, 'unplugged'));
    await site.fillDay('a', site.firstDay, 500);
    expectRefused(site, /^(tidemark: )?the archive cannot be used: the archive folder .*not mounted/);
    const { stdout } = site.gateway.cli('status');
    expect(stdout).toMatch(/^link: +archive unusable \(the archive folder .*not mounted/m);
  });
});
