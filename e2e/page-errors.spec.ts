import type { Page } from '@playwright/test';
import { expect, type Gateway, test } from './gateway.ts';
import { DAY_US, LINES, query, TEMP, TODAY } from './history-site.ts';

const VIEWS = ['History', 'Transfers', 'Archive', 'Settings', 'Events', 'Status'];
const PRESSURE = encodeURIComponent('pump.pressure{hub=h1}');

/** Errors that nobody caught, as the page reports them. */
function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}

/** Leaves each view and each question before it is answered. */
async function hurry(gateway: Gateway, page: Page, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const from = TODAY - (3 + (i % 30)) * DAY_US;
    await page.evaluate(
      (search) => {
        history.pushState(null, '', search);
        window.dispatchEvent(new PopStateEvent('popstate'));
      },
      `?view=history&${query(from, from + DAY_US)}${i % 2 === 0 ? `&series=${PRESSURE}` : ''}`,
    );
    await page.getByRole('link', { name: VIEWS[i % VIEWS.length] ?? 'Status', exact: true }).click();
    if (i % 5 === 4) await page.goto(`${gateway.started.ui}/?view=history&series=${encodeURIComponent(TEMP)}`);
  }
}

test('UI1 no error is left uncaught however quickly views, series and pages change', async ({ gateway, page }) => {
  const errors = errorsOf(page);
  await gateway.write(LINES);
  await gateway.open(page);
  await hurry(gateway, page, 20);
  await expect(page.getByTestId('overall')).toBeVisible();
  expect(errors).toEqual([]);
});

test('UI1 no error is left uncaught when the gateway goes in the middle of questions, again and again', async ({
  gateway,
  page,
}) => {
  test.setTimeout(120_000);
  const errors = errorsOf(page);
  await gateway.write(LINES);
  await gateway.open(page, 'history', query(TODAY - 40 * DAY_US, TODAY));
  for (let i = 0; i < 3; i++) {
    await hurry(gateway, page, 4);
    await gateway.process.kill();
    await expect(page.getByTestId('overall')).toHaveText('Gateway gone', { timeout: 12_000 });
    await page.getByRole('link', { name: 'Archive', exact: true }).click();
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await gateway.restart();
    // It may have come back by itself before anybody could press.
    const tryNow = page.getByRole('button', { name: 'Try now' });
    await tryNow.click({ timeout: 3_000 }).catch(() => undefined);
    await expect(page.getByTestId('overall')).not.toHaveText('Gateway gone', { timeout: 25_000 });
  }
  expect(errors).toEqual([]);
});
