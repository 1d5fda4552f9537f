import type { Page } from '@playwright/test';
import { expect, test } from './gateway.ts';
import { DAY_US, LINES, legend, MINUTE_US, query, rangeOf, SOURCE, seed, TEMP, TODAY } from './history-site.ts';
import { expectGoodLooks, expectGoodLooksEverywhere } from './looks.ts';

const exact = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Rows of the table as they are shown, newest first: time and numbers. */
async function rowsOf(page: Page): Promise<string[][]> {
  const rows = await page.locator('tbody tr:not([aria-hidden])').all();
  return Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
}

/** The readings of [from, to) as the table shows them. */
function shown(from: number, to: number): string[][] {
  return [...SOURCE]
    .filter(([t]) => t >= from && t < to)
    .sort(([a], [b]) => b - a)
    .map(([t, v]) => [exact.format(t / 1_000), String(v)]);
}

test('UI4 a series found by search is drawn, and the table has exactly what was written', async ({ gateway, page }) => {
  await seed(gateway);
  await gateway.open(page, 'history');
  await page.getByRole('searchbox', { name: 'Search series' }).fill('h1 tem');
  await expect(page.getByText('1 of 2', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: /^pump temp/ }).click();
  await expect(page.getByRole('application', { name: 'Chart of pump temp (h1)' })).toBeVisible();
  expect(new URL(page.url()).searchParams.get('series')).toBe(TEMP);

  // A day of the archive, each reading.
  const from = TODAY - 35 * DAY_US;
  await gateway.open(page, 'history', query(from, from + 75 * MINUTE_US, '&show=table'));
  await expect(page.getByText('pump temp (h1): 15 rows')).toBeVisible();
  expect(await rowsOf(page)).toEqual(shown(from, from + 75 * MINUTE_US));

  // All eight days: buckets with the least, the most and the number of readings.
  const start = TODAY - 40 * DAY_US;
  await gateway.open(page, 'history', query(start, start + 8 * DAY_US, '&show=table'));
  await expect(page.getByText('pump temp (h1): 1,200 rows')).toBeVisible();
  const width = (8 * DAY_US) / 1_200;
  const rows = await rowsOf(page);
  expect(rows.length).toBeGreaterThan(10);
  for (const [i, [, mean, least, most, count]] of rows.entries()) {
    const bucket = start + (1_199 - i) * width;
    const values = [...SOURCE].filter(([t]) => t >= bucket && t < bucket + width).map(([, v]) => v);
    expect([Number(least), Number(most), Number(count)]).toEqual([
      Math.min(...values),
      Math.max(...values),
      values.length,
    ]);
    expect(Number(mean)).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 9);
  }
});

test('UI4 buttons, keys, drag and wheel change the range and the address; back and forward walk the views', async ({
  gateway,
  page,
}) => {
  await gateway.write(LINES);
  const start = { from: TODAY - 40 * DAY_US, to: TODAY - 32 * DAY_US };
  const middle = (start.from + start.to) / 2;
  await gateway.open(page, 'history', query(start.from, start.to));
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const first = await page.getByTestId('range').textContent();

  await press('Zoom in');
  const inner = { from: middle - 2 * DAY_US, to: middle + 2 * DAY_US };
  await expect.poll(() => rangeOf(page)).toEqual(inner);
  await expect(page.getByTestId('range')).not.toHaveText(first ?? '');
  await press('Later');
  await expect.poll(() => rangeOf(page)).toEqual({ from: middle, to: middle + 4 * DAY_US });
  await press('View before');
  await press('View before');
  await expect.poll(() => rangeOf(page)).toEqual(start);
  await expect(page.getByTestId('range')).toHaveText(first ?? '');
  await press('View after');
  await expect.poll(() => rangeOf(page)).toEqual(inner);
  await page.reload();
  await expect.poll(() => rangeOf(page)).toEqual(inner);

  const chart = page.getByRole('application');
  await chart.focus();
  await page.keyboard.press('-');
  await expect.poll(() => rangeOf(page)).toEqual(start);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => rangeOf(page)).toEqual({ from: middle, to: middle + 8 * DAY_US });
  await page.keyboard.press('0');
  await expect(page.getByRole('button', { name: '24 h' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('follows now')).toBeVisible();

  for (const [name, param] of [
    ['7 d', '7d'],
    ['All', 'all'],
  ] as const) {
    await press(name);
    await expect.poll(() => new URL(page.url()).searchParams.get('range')).toBe(param);
    await expect(page.getByRole('button', { name, exact: true })).toHaveAttribute('aria-pressed', 'true');
  }

  await gateway.open(page, 'history', query(start.from, start.to));
  const over = page.locator('.u-over');
  const box = await over.boundingBox();
  if (box === null) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width / 4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 4 });
  await page.mouse.up();
  const near = (range: { from: number; to: number }): Promise<void> =>
    expect
      .poll(() => {
        const now = rangeOf(page);
        return Math.max(Math.abs(now.from - range.from), Math.abs(now.to - range.to)) / DAY_US;
      })
      .toBeLessThan(0.1);
  await near({ from: middle - 2 * DAY_US, to: middle });
  await page.mouse.wheel(0, -200);
  await expect.poll(() => rangeOf(page).to - rangeOf(page).from).toBeLessThan(1.6 * DAY_US);
});

test('UI4 keys read values, and a screen reader hears them', async ({ gateway, page }) => {
  await gateway.write(LINES);
  const from = TODAY - 2 * DAY_US;
  await gateway.open(page, 'history', query(from, from + 60 * MINUTE_US));
  await expect(page.getByText('each reading')).toBeVisible();
  await page.getByRole('application').focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
  const at = from + 10 * MINUTE_US;
  await expect(page.getByRole('status').filter({ hasText: 'pump temp (h1)' })).toHaveText(
    `At ${exact.format(at / 1_000)}: pump temp (h1) ${SOURCE.get(at)}`,
  );
});

test('UI4 the way back to History shows what was shown; a series that is not known is said to be', async ({
  gateway,
  page,
}) => {
  await gateway.write(LINES);
  await gateway.open(page, 'history', query(TODAY - 3 * DAY_US, TODAY));
  await expect(legend(page, 'gateway')).toBeVisible();
  await page.getByRole('link', { name: 'Status', exact: true }).click();
  await page.getByRole('link', { name: 'History', exact: true }).click();
  await expect(legend(page, 'gateway')).toBeVisible();
  expect(rangeOf(page)).toEqual({ from: TODAY - 3 * DAY_US, to: TODAY });
  await page.getByRole('button', { name: 'Remove pump temp (h1)' }).click();
  await expect(page.getByRole('heading', { name: 'Pick a series to see its history' })).toBeVisible();

  await gateway.open(page, 'history', 'series=nobody.knows');
  await expect(page.getByText('There is no series nobody.knows on this gateway. Pick another one.')).toBeVisible();
  await expect(page.getByText('Loading')).toBeHidden();
});

test('UI4 chart, table and picker look good at both sizes, light and dark, with several series', async ({
  gateway,
  page,
}) => {
  await gateway.write(LINES);
  const both = query(TODAY - 3 * DAY_US, TODAY, `&series=${encodeURIComponent('pump.pressure{hub=h1}')}`);
  await gateway.open(page, 'history', both);
  await expectGoodLooksEverywhere(page, () => expect(page.getByTestId('plot')).toHaveCount(2));
  await page.getByRole('button', { name: 'One chart' }).click();
  await expect(page.getByTestId('plot')).toHaveCount(1);
  await expect(legend(page, 'gateway')).toBeVisible();
  await expectGoodLooks(page);
  await page.getByRole('button', { name: 'Table' }).click();
  await expectGoodLooksEverywhere(page, () => expect(page.getByRole('table')).toBeVisible());
  await page.getByRole('button', { name: 'Series', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Series' });
  await expectGoodLooksEverywhere(page, () => expect(dialog.getByText('2 of 8 chosen')).toBeVisible());
  await dialog.getByRole('button', { name: 'Pin pump temp (h1)' }).first().click();
  await expect(dialog.getByRole('heading', { name: 'Pinned' })).toBeVisible();
  await dialog.getByRole('button', { name: /^pump pressure/, pressed: true }).click();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(new URL(page.url()).searchParams.getAll('series')).toEqual([TEMP]);
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('UI4 two fingers zoom, one finger scrolls the page, targets suit gloves', async ({ gateway, page }) => {
    await gateway.write(LINES);
    const start = { from: TODAY - 40 * DAY_US, to: TODAY - 32 * DAY_US };
    await gateway.open(page, 'history', query(start.from, start.to));
    await expect(legend(page, 'gateway')).toBeVisible();
    const box = await page.locator('.u-over').boundingBox();
    if (box === null) throw new Error('the chart has no place');
    const touch = await page.context().newCDPSession(page);
    const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', shares: number[]): Promise<unknown> =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: shares.map((share, id) => ({ x: box.x + share * box.width, y: box.y + 60, id })),
      });
    await fingers('touchStart', [0.4, 0.6]);
    for (const by of [0.05, 0.1, 0.2]) await fingers('touchMove', [0.4 - by, 0.6 + by]);
    await fingers('touchEnd', []);
    const third = (start.to - start.from) / 3;
    await expect.poll(() => Math.abs(rangeOf(page).to - rangeOf(page).from - third) / third).toBeLessThan(0.1);
    const before = page.url();
    const finger = (type: 'touchStart' | 'touchMove', up: number): Promise<unknown> =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: [{ x: box.x + box.width / 2, y: box.y + box.height / 2 - up }],
      });
    await finger('touchStart', 0);
    for (let up = 20; up <= 160; up += 20) await finger('touchMove', up);
    await fingers('touchEnd', []);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(100);
    expect(page.url()).toBe(before);
    const small = await page.locator('main button').evaluateAll((buttons) =>
      buttons.flatMap((button) => {
        const { width, height } = button.getBoundingClientRect();
        return Math.min(width, height) < 56 ? [`${button.textContent || button.ariaLabel} ${width} x ${height}`] : [];
      }),
    );
    expect(small).toEqual([]);
  });
});
