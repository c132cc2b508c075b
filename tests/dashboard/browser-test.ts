import { clusterTest } from '@longhaul/testbed'
import type { Browser } from 'playwright-core'
import { launchBrowser } from './open-page.ts'

/** A cluster with a browser. */
export const test = clusterTest.extend(
  'browser',
  { scope: 'file' },
  async ({}, { onCleanup }): Promise<Browser> => {
    const browser = await launchBrowser()
    onCleanup(() => browser.close())
    return browser
  },
)
