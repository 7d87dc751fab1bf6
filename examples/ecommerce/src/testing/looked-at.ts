import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/**
 * What axe-core has against a page as it is shown now.
 * @param rules those to look at. Default: all of them.
 */
export async function faultsByAxe(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // Scripts of others are kept out of the page; the debugger may bring one.
  await page.evaluate(axe.source);
  const options = rules === undefined ? '' : JSON.stringify({ runOnly: rules });
  const { violations } = (await page.evaluate(`axe.run(${options})`)) as {
    readonly violations: readonly Violation[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/**
 * Takes pictures of a page, at the widths of a desktop and of a phone, into the folder that `DIPTYCH_PICTURES` names.
 * Default: none.
 */
export async function takePictures(page: Page, name: string): Promise<void> {
  const folder = process.env.DIPTYCH_PICTURES;
  const before = page.viewportSize();
  if (folder === undefined || before === null) return;
  for (const [device, width] of [
    ['desktop', 1280],
    ['phone', 360],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(folder, `${name}-${device}.png`), fullPage: true });
  }
  await page.setViewportSize(before);
}

/** Fails when a page is wider than its window. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
  const [content, window] = widths as [number, number];
  expect(content, `the width of ${page.url()}`).toBeLessThanOrEqual(window);
}
