import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

/** The panel at the gateway, and a phone. */
export const SCREENS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const;
export const SCHEMES = ['light', 'dark'] as const;

/** Until everything that moves has come to rest in the colours of `colorScheme`: axe reads colours while they change. */
async function untilAtRest(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
  await page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  });
}

/**
 * No violation that axe knows of, and nothing that needs sideways scrolling. The page lives on while axe reads it, which
 * takes seconds on a busy machine: only what is still wrong at a second look is wrong.
 */
export async function expectGoodLooks(page: Page): Promise<void> {
  const look = async (): Promise<string[]> => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    return violations.map(
      (v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.failureSummary}`).join(', ')}`,
    );
  };
  const first = await look();
  expect(first.length === 0 ? first : await look()).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

/** The same at both sizes, light and dark; `ready` waits until the view shows what it should. */
export async function expectGoodLooksEverywhere(page: Page, ready: () => Promise<void>): Promise<void> {
  // Each look takes seconds on a busy machine, and there are many.
  test.slow();
  for (const size of SCREENS) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await ready();
      await untilAtRest(page, colorScheme);
      await expectGoodLooks(page);
    }
  }
}
