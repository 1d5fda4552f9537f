import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Block, GatewayEvent } from '../shared/schemas.ts';
import { expect, type Gateway, pumpDays, test } from './gateway.ts';
import { expectGoodLooksEverywhere } from './looks.ts';

const blocksOf = async (gateway: Gateway): Promise<Block[]> =>
  ((await gateway.rest('/blocks')) as { blocks: Block[] }).blocks;
const eventsOf = async (gateway: Gateway): Promise<GatewayEvent[]> =>
  ((await gateway.rest('/events')) as { events: GatewayEvent[] }).events;
const rows = (page: Page) => page.getByTestId('block');
const utcDay = (daysAgo: number): string => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
const written = (day: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );

/** Readings of three days that are moved, and of two that stay. */
async function moved(gateway: Gateway): Promise<void> {
  await gateway.write([...pumpDays(40, 38), ...pumpDays(3, 2)]);
  await gateway.rest('/tier-now', 'POST');
  await expect.poll(async () => (await gateway.status()).tiers.cold.blocks, { timeout: 30_000 }).toBe(3);
}

/**
 * A block that the archive never holds as it was sent: something else grows under its name, and is not what was seen a moment before.
 * Ends when the gateway has set the block aside; `heal` ends the growing.
 */
async function setAside(gateway: Gateway, daysAgo: number): Promise<{ id: string; heal(): void }> {
  const day = utcDay(daysAgo);
  const folder = join(gateway.process.folder, 'archive', 'gateway=site1', `date=${day}`);
  // The name of the object is known once it is planned; a file in the place of its folder holds the upload up until then.
  writeFileSync(folder, '');
  await gateway.write(pumpDays(daysAgo, daysAgo));
  await gateway.rest('/tier-now', 'POST');
  const find = async (): Promise<Block | undefined> => (await blocksOf(gateway)).find((block) => block.day === day);
  await expect.poll(async () => (await find())?.state, { timeout: 30_000 }).toBe('uploading');
  const block = await find();
  if (block === undefined) throw new Error('the block is gone');
  rmSync(folder);
  const object = join(gateway.process.folder, 'archive', block.key);
  mkdirSync(dirname(object));
  const grow = setInterval(() => appendFileSync(object, 'x'), 2);
  appendFileSync(object, 'x');
  await expect(async () => {
    if ((await find())?.state !== 'quarantined') await gateway.rest(`/blocks/${block.id}/retry`, 'POST');
    expect((await find())?.state).toBe('quarantined');
  }).toPass({ timeout: 60_000, intervals: [100] });
  return { id: block.id, heal: () => clearInterval(grow) };
}

test('UI5 Transfers lists the blocks that the gateway has, and the filter shows those of one state', async ({
  gateway,
  page,
}) => {
  await moved(gateway);
  await gateway.open(page, 'transfers');
  const blocks = await blocksOf(gateway);
  await expect(rows(page)).toHaveCount(3);
  const shown = await rows(page).evaluateAll((all) => all.map((row) => row.getAttribute('data-block')));
  expect(shown).toEqual(blocks.map((block) => block.id));
  for (const [i, block] of blocks.entries()) {
    await expect(rows(page).nth(i)).toContainText('In archive');
    await expect(rows(page).nth(i)).toContainText(written(block.day));
  }
  const filter = page.getByRole('group', { name: 'Show blocks' });
  await filter.getByRole('button', { name: 'Set aside' }).click();
  await expect(page.getByText('No block has this state.')).toBeVisible();
  await filter.getByRole('button', { name: 'In archive' }).click();
  await expect(rows(page)).toHaveCount(3);
  await page.reload();
  await expect(filter.getByRole('button', { name: 'In archive' })).toHaveAttribute('aria-pressed', 'true');
  await rows(page).first().getByRole('button').click();
  const details = page.getByRole('dialog');
  await expect(details).toContainText('reading all of it back');
  await details.getByText('For the support desk').click();
  await expect(details).toContainText(blocks[0]?.sha256 ?? 'a digest');
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();
});

test('UI5 blocks appear and move on in Transfers by themselves', async ({ gateway, page }) => {
  await gateway.open(page, 'transfers');
  await expect(page.getByText('No block yet.')).toBeVisible();
  await moved(gateway);
  await expect(rows(page)).toHaveCount(3, { timeout: 10_000 });
  await expect(rows(page).filter({ hasText: 'In archive' })).toHaveCount(3, { timeout: 10_000 });
});

test('UI5 a block that was set aside says why, and Retry moves it once the cause is gone', async ({
  gateway,
  page,
}) => {
  test.setTimeout(150_000);
  const { id, heal } = await setAside(gateway, 35);
  try {
    await gateway.open(page, 'transfers', 'state=quarantined');
    const row = rows(page);
    await expect(row).toHaveCount(1);
    await expect(row).toHaveAttribute('data-block', id);
    await expect(row).toContainText('Set aside');
    await expect(row).toContainText('Something else is stored under the name of this block.');
    await page.getByRole('button', { name: /^Set aside: details/ }).click();
    const details = page.getByRole('dialog');
    await expect(details).toContainText('Its data is still on this gateway.');
    await details.getByText('For the support desk').click();
    const error = (await blocksOf(gateway)).find((block) => block.id === id)?.last_error;
    await expect(details).toContainText(`${error?.code}: ${error?.message}`);
    await page.keyboard.press('Escape');
    await gateway.open(page, 'archive', `day=${utcDay(35)}`);
    await expect(page.getByRole('button', { name: `${written(utcDay(35))}: Problem` })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await gateway.open(page, 'events', 'level=error');
    await expect(page.getByTestId('event').first()).toContainText('TM-QUARANTINE');
  } finally {
    heal();
  }
  await gateway.open(page, 'transfers');
  await page.getByRole('button', { name: `Retry the block of ${written(utcDay(35))}` }).click();
  await expect(rows(page)).toContainText('In archive', { timeout: 60_000 });
  expect((await gateway.status()).queue.quarantined).toBe(0);
});

test('UI5 the calendar tells where each day is, and a day shows its blocks and when they were checked', async ({
  gateway,
  page,
}) => {
  await moved(gateway);
  const day = utcDay(39);
  await gateway.open(page, 'archive', `month=${day.slice(0, 7)}`);
  const inArchive = page.getByRole('button', { name: `${written(day)}: In archive` });
  await inArchive.click();
  const panel = page.getByRole('region', { name: written(day) });
  await expect(panel).toContainText('576 readings');
  await expect(panel.getByText('Checked', { exact: true })).toBeVisible();
  const [block] = ((await gateway.rest(`/blocks?day=${day}`)) as { blocks: Block[] }).blocks;
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toHaveAttribute('data-block', block?.id ?? '');
  await inArchive.press('ArrowRight');
  await expect(page.getByRole('button', { name: `${written(utcDay(38))}: In archive` })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('button', { name: `${written(utcDay(37))}: No readings` })).toBeFocused();
  await expect(page.getByText('Nothing was recorded on this day.')).toBeVisible();
  await gateway.open(page, 'archive', `day=${utcDay(2)}`);
  await expect(page.getByRole('button', { name: `${written(utcDay(2))}: On this gateway` })).toBeVisible();
  await expect(page.getByText('No blocks: this day has not moved.')).toBeVisible();
  await gateway.open(page, 'archive', `day=${utcDay(-1)}`);
  await expect(page.getByRole('button', { name: `${written(utcDay(-1))}: Not yet` })).toBeVisible();
  await expect(page.getByText('This day has not come yet.')).toBeVisible();
});

test('UI5 a day with late readings is on both', async ({ gateway, page }) => {
  await moved(gateway);
  await gateway.write(pumpDays(39, 39, 3_600).map((line) => line.replace('hub=h1', 'hub=late')));
  await gateway.open(page, 'archive', `day=${utcDay(39)}`);
  await expect(page.getByRole('button', { name: `${written(utcDay(39))}: On both` })).toBeVisible({ timeout: 20_000 });
});

test('UI5 an object that is gone is led to from Status, told as missing with what to do, and marks its year; a day far ahead does not open the calendar', async ({
  gateway,
  page,
}) => {
  await moved(gateway);
  await gateway.write(['pump,hub=ahead temp=1 6311433600000000']);
  const [, , block] = await blocksOf(gateway);
  if (block === undefined) throw new Error('there is no block');
  rmSync(join(gateway.process.folder, 'archive', block.key));
  const range = new URLSearchParams({
    series: 'pump.temp{hub=h1}',
    from: `${block.from_us}`,
    to: `${block.to_us}`,
    raw: '1',
  });
  await gateway.rest(`/query?${range}`);
  await gateway.open(page);
  await page.getByRole('button', { name: 'Show what needs attention' }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toHaveAttribute('data-block', block.id);
  await page.getByRole('button', { name: /^Missing in archive: details/ }).click();
  await expect(page.getByRole('dialog')).toContainText('Put the object back as it was');
  await page.keyboard.press('Escape');
  await gateway.open(page, 'archive');
  const month = (day: string): string =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(Date.parse(day));
  await expect(page.getByRole('region', { name: month(utcDay(2)) })).toBeVisible();
  const year = (name: string) => page.getByRole('group', { name: 'Year', exact: true }).getByRole('button', { name });
  await expect(year(`${block.day.slice(0, 4)} has a problem`)).toBeVisible();
  await year('2170').click();
  await expect(page.getByRole('region', { name: 'January 2170' })).toBeVisible();
  await gateway.open(page, 'events');
  await expect(page.getByText(/is stamped more than a day ahead.* on 2170-01-01/)).toBeVisible();
});

test.describe('with a bucket', () => {
  const secret = 'a-secret-that-is-never-shown';
  test.use({
    toml: `[minio]\nendpoint = "http://127.0.0.1:9"\nbucket = "readings"\naccess_key = "edge"\nsecret_key = "${secret}"\n[tiering]\nmax_age_days = 45\ninterval = "2h"\n`,
  });
  test('UI5 Settings shows what is configured and where it comes from, and never a secret', async ({
    gateway,
    page,
  }) => {
    await gateway.open(page, 'settings');
    const setting = (key: string) => page.getByTestId(key);
    await expect(setting('tiering.max_age_days')).toContainText('45');
    await expect(setting('tiering.max_age_days')).toContainText('tidemark.toml');
    await expect(setting('tiering.concurrency')).toContainText('default');
    await expect(setting('minio.bucket')).toContainText('readings');
    await expect(setting('minio.secret_key').getByText('set', { exact: true })).toBeVisible();
    await expect(page.getByText(join(gateway.process.folder, 'tidemark.toml'))).toBeVisible();
    await expect(page.getByText('45 days', { exact: true })).toBeVisible();
    await expect(page.getByTestId('would')).toHaveText('Nothing on this gateway is older than 45 days.');
    expect(readFileSync(join(gateway.process.folder, 'tidemark.toml'), 'utf8')).toContain(secret);
    expect(await page.content()).not.toContain(secret);
  });
});

test('UI5 theme and text size change at once and are remembered', async ({ gateway, page }) => {
  await gateway.open(page, 'settings');
  const html = page.locator('html');
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.getByRole('button', { name: 'Largest' }).click();
  await page.reload();
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect(html).toHaveAttribute('data-text-size', 'largest');
  await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
});

test('UI5 Events tells a run in plain words with a code, newest first, and new ones come by themselves', async ({
  gateway,
  page,
}) => {
  await moved(gateway);
  await gateway.open(page, 'events');
  const events = await eventsOf(gateway);
  const shown = page.getByTestId('event');
  await expect(shown).toHaveCount(events.length);
  for (const [i, event] of events.entries()) {
    await expect(shown.nth(i)).toContainText(event.text);
    await expect(shown.nth(i)).toContainText(event.code);
  }
  expect(events.filter((event) => event.code === 'TM-MOVED')).not.toHaveLength(0);
  await gateway.rest('/pause', 'POST');
  await expect(shown.first()).toContainText('TM-PAUSED', { timeout: 15_000 });
  await page.getByRole('group', { name: 'Show events' }).getByRole('button', { name: 'Errors' }).click();
  await expect(page.getByText('Nothing of this kind has happened.')).toBeVisible();
});

test('UI5 the four views are clean for axe and fit, in light and dark, at the panel and on a phone', async ({
  gateway,
  page,
}) => {
  test.setTimeout(120_000);
  // Colours are looked at when they are at rest.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await moved(gateway);
  for (const [view, query, ready] of [
    ['transfers', '', () => expect(rows(page)).toHaveCount(3)],
    ['archive', `day=${utcDay(39)}`, () => expect(rows(page)).toHaveCount(1)],
    ['settings', '', () => expect(page.getByTestId('would')).not.toHaveText(/Loading/)],
    ['events', '', () => expect(page.getByTestId('event').first()).toBeVisible()],
  ] as const) {
    await gateway.open(page, view, query);
    await expectGoodLooksEverywhere(page, ready);
  }
});

/** Targets of the view that are smaller than 56 px in either direction; a part that is drawn small may reach further by its ::after. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.locator('main button, main summary, main a').evaluateAll((all) =>
    all.flatMap((target) => {
      const after = getComputedStyle(target, '::after');
      const reaches = after.content !== 'none' && after.position === 'absolute';
      const box = target.getBoundingClientRect();
      const [width, height] = reaches ? [parseFloat(after.width), parseFloat(after.height)] : [box.width, box.height];
      return box.width === 0 || (width >= 55.5 && height >= 55.5)
        ? []
        : [`${target.getAttribute('aria-label') ?? target.textContent}: ${width} x ${height}`];
    }),
  );

test('UI3 at the panel a gloved finger finds every target of the four views', async ({ gateway, page }) => {
  await moved(gateway);
  for (const [view, query, sign] of [
    ['transfers', '', 'Failed tries'],
    ['archive', `day=${utcDay(39)}`, 'In archive'],
    ['settings', '', 'Would move now'],
    ['events', '', 'TM-MOVED'],
  ] as const) {
    await gateway.open(page, view, query);
    await expect(page.getByText(sign).first()).toBeVisible();
    expect(await smallTargets(page), view).toEqual([]);
  }
});
