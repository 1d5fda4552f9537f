import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** The panel at the gateway, and a phone. */
export const SCREENS = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const;
export const SCHEMES = ['light', 'dark'] as const;

/** No violation that axe knows of, and nothing that needs sideways scrolling. */
export async function expectGoodLooks(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  expect(found).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

/** The same at both sizes, light and dark; `ready` waits until the view shows what it should. */
export async function expectGoodLooksEverywhere(page: Page, ready: () => Promise<void>): Promise<void> {
  for (const size of SCREENS) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize(size);
      // Colours are looked at when they are at rest.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await ready();
      await expectGoodLooks(page);
    }
  }
}
