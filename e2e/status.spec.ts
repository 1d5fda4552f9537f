import { mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, type Gateway, pumpDays, test } from './gateway.ts';
import { expectGoodLooksEverywhere } from './looks.ts';

const tierNow = (page: Page) => page.getByRole('button', { name: 'Tier now' });

/** Readings of three days that are due and of two that stay, and of just now. */
async function fill(gateway: Gateway): Promise<void> {
  await gateway.write([...pumpDays(40, 38), ...pumpDays(3, 2), `pump,hub=h1 temp=61.5 ${Date.now() * 1_000}`]);
}

test('UI2 the figures on the screen are those of the gateway', async ({ gateway, page }) => {
  await fill(gateway);
  await gateway.open(page);
  const count = (n: number): string => new Intl.NumberFormat('en-GB').format(n);
  await expect(async () => {
    const status = await gateway.status();
    expect(status.tiers.head.readings + status.tiers.local.readings).toBe(5 * 288 * 2 + 1);
    await expect(page.getByTestId('sentence')).toHaveText(status.sentence, { timeout: 1_000 });
    for (const [row, tier] of [
      ['recent', status.tiers.head],
      ['local', status.tiers.local],
      ['archive', status.tiers.cold],
    ] as const) {
      await expect(page.getByTestId(`tier-${row}`).getByRole('cell').first()).toHaveText(count(tier.readings), {
        timeout: 1_000,
      });
    }
  }).toPass({ timeout: 15_000 });
  await expect(page.getByText('2 series')).toBeVisible();
  // The clock may pass a full minute at any moment: until then there is no maximum.
  await expect(async () => {
    const most = Math.max(...(await gateway.status()).ingest.minutes.slice(0, -1));
    const shown = page.getByText(/at most/);
    if (most > 0) await expect(shown).toContainText(`at most ${count(most)}/min`, { timeout: 1_000 });
    else await expect(shown).toBeHidden({ timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
  // No rate is known yet: of the room what is known.
  await expect(page.getByText(/^[\d.]+\s[GT]B free$/)).toBeVisible();
});

test('UI2 Tier now says what it will do, asks, does it, and says that it is done', async ({ gateway, page }) => {
  await fill(gateway);
  await gateway.open(page);
  await expect(page.getByText(/^3 days, .+ can move$/)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('3 days due', { exact: true })).toBeVisible();
  await expect(page.getByText('everything due has moved')).toBeHidden();
  await tierNow(page).click();
  const question = page.getByRole('dialog', { name: 'Move to the archive now?' });
  await expect(question).toContainText('3 days with 1,728 readings');
  await expect(question.getByRole('heading')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  expect((await gateway.status()).tiers.cold.blocks).toBe(0);
  await expect(tierNow(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await question.getByRole('button', { name: 'Move now' }).click();
  await expect(tierNow(page).or(page.getByRole('button', { name: 'Moving …' }))).toBeFocused();
  await expect(page.getByText(/^Done: 3 blocks moved and proven/)).toBeVisible({ timeout: 30_000 });
  const { tiers } = await gateway.status();
  expect(tiers.cold).toMatchObject({ blocks: 3, readings: 3 * 288 * 2 });
  await expect(page.getByTestId('tier-archive').getByRole('cell').first()).toHaveText('1,728');
  await expect(page.getByText('Last proof that the archive holds what was moved:')).toBeVisible();
  await expect(tierNow(page)).toBeDisabled();
  await expect(page.getByText('Nothing on this gateway is older than 30 days.')).toBeVisible();
});

test('UI2 pausing stops moving until resumed, and the screen says until when', async ({ gateway, page }) => {
  await fill(gateway);
  await gateway.open(page);
  await expect(tierNow(page)).toBeEnabled({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Pause for 4 h' }).click();
  await expect(page.getByText(/^Paused until \d\d:\d\d UTC$/)).toBeVisible();
  await expect(tierNow(page)).toBeDisabled();
  await expect(page.getByText('Moving is paused. Resume to move data.')).toBeVisible();
  await expect(page.getByTestId('overall')).toHaveText('Paused');
  await expect(page.getByRole('region', { name: 'Paused', exact: true })).toContainText('Paused until');
  const until = (await gateway.status()).tiering.paused_until_us ?? 0;
  expect(Math.abs(until / 1_000 - Date.now() - 4 * 3_600_000)).toBeLessThan(60_000);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText('Paused until resumed')).toBeVisible();
  expect((await gateway.status()).tiering.paused_until_us).toBe(0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  expect((await gateway.status()).tiering.paused_until_us).toBeNull();
});

test('UI2 a gateway that is gone is not called safe, and nothing can be pressed', async ({ gateway, page }) => {
  await fill(gateway);
  await gateway.open(page);
  await expect(tierNow(page)).toBeEnabled({ timeout: 20_000 });
  await gateway.process.kill();
  await expect(page.getByTestId('sentence')).toHaveText(/^Last known: /, { timeout: 12_000 });
  await expect(tierNow(page)).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeDisabled();
});

test('UI2 an archive that is away is named with what to do; what was asked for is done when it is back', async ({
  gateway,
  page,
}) => {
  test.setTimeout(120_000);
  await fill(gateway);
  await gateway.open(page);
  await expect(tierNow(page)).toBeEnabled({ timeout: 20_000 });
  // As when the disk is unplugged: the mount point stays, empty.
  const mounted = join(gateway.process.folder, 'archive');
  renameSync(mounted, `${mounted}-unplugged`);
  mkdirSync(mounted);
  await tierNow(page).click();
  await page.getByRole('button', { name: 'Move now' }).click();
  await expect(page.getByText('Asked for. Begins when the link returns.')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('banner')).toContainText('Archive unusable');
  await expect(page.getByText('Check that the bucket or folder is there, ours, and has room.')).toBeVisible();
  expect((await gateway.status()).tiers.cold.blocks).toBe(0);
  rmdirSync(mounted);
  renameSync(`${mounted}-unplugged`, mounted);
  await expect(page.getByText(/^Done: 3 blocks moved and proven/)).toBeVisible({ timeout: 90_000 });
});

test('UI3 Status is clean for axe and fits, in light and dark, at the panel and on a phone', async ({
  gateway,
  page,
}) => {
  await fill(gateway);
  await gateway.open(page);
  await expectGoodLooksEverywhere(page, () => expect(tierNow(page)).toBeEnabled({ timeout: 20_000 }));
  await tierNow(page).click();
  await expectGoodLooksEverywhere(page, () => expect(page.getByRole('dialog')).toBeVisible());
});

test.describe('by touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });
  test('UI3 one finger scrolls the page wherever it begins; a touch shows an age exactly', async ({
    gateway,
    page,
  }) => {
    await fill(gateway);
    await gateway.open(page);
    await expect(tierNow(page)).toBeEnabled({ timeout: 20_000 });
    const cdp = await page.context().newCDPSession(page);
    for (const start of [300, 500, 700]) {
      const before = await page.evaluate(() => window.scrollY);
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
        cdp.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: 195, y }] });
      await touch('touchStart', start);
      for (let y = start; y >= start - 150; y -= 10) await touch('touchMove', y);
      await touch('touchEnd');
      await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(before + 50);
    }
    await page
      .getByRole('button', { name: /sec ago|min ago|just now/ })
      .first()
      .tap();
    await expect(page.getByRole('button', { name: /\d\d:\d\d:\d\d UTC$/ })).toBeVisible();
  });
});

test('UI3 what a gloved finger touches is large enough, at every text size', async ({ gateway, page }) => {
  await fill(gateway);
  await gateway.open(page);
  await page.setViewportSize({ width: 390, height: 844 });
  for (const size of ['normal', 'large', 'largest']) {
    await page.evaluate((s) => localStorage.setItem('tidemark.text-size', s), size);
    await page.reload();
    await expect(tierNow(page)).toBeEnabled({ timeout: 20_000 });
    const height = async (name: string): Promise<number> =>
      (await page.getByRole('button', { name, exact: true }).boundingBox())?.height ?? 0;
    expect(await height('Tier now')).toBeGreaterThanOrEqual(72);
    expect(await height('Pause')).toBeGreaterThanOrEqual(56);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  }
});
