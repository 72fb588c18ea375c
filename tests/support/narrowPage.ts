import type { Page } from 'playwright-core'

/** A small telephone. */
const narrowPx = 360

/**
 * How far the page scrolls sideways on a small telephone, in pixels beyond its edge. Charts and tables measure
 * themselves after the window has changed, so it is given a few seconds to settle.
 */
export async function sidewaysOverflow(page: Page): Promise<number> {
  await page.setViewportSize({ width: narrowPx, height: 780 })
  const fits = (width: number) => document.documentElement.scrollWidth <= width
  await page.waitForFunction(fits, narrowPx, { timeout: 5_000 }).catch(() => undefined)
  return (await page.evaluate(() => document.documentElement.scrollWidth)) - narrowPx
}
