import { expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'

/** The actions of a person without a mouse. */
export function byKeyboard(page: Page) {
  const press = (key: string) => page.keyboard.press(key)

  /** Presses Tab until an element has the focus. */
  async function tabTo(target: Locator): Promise<void> {
    await target.waitFor()
    for (let left = 150; left > 0; left -= 1) {
      if (await hasFocus(target)) return
      await press('Tab')
    }
    throw new Error(`Tab does not reach ${String(target)}`)
  }

  /** Reaches a button, and presses it. */
  const button = async (name: string, within: Page | Locator = page): Promise<void> => {
    await tabTo(within.getByRole('button', { name, exact: true }).first())
    await press('Enter')
  }

  /** Replaces the text of a field of the dialog. */
  const fill = async (label: string, text: string): Promise<void> => {
    await tabTo(page.getByRole('dialog').getByLabel(label, { exact: true }))
    await press('ControlOrMeta+a')
    await page.keyboard.type(text)
  }

  /** Opens a dialog, checks that Tab stays in it, and that the focus returns when Escape closes it. */
  const checkDialog = async (opener: string): Promise<void> => {
    const opening = page.getByRole('button', { name: opener, exact: true })
    await tabTo(opening)
    await press('Enter')
    await page.getByRole('dialog').waitFor()
    for (let left = 40; left > 0; left -= 1) {
      await press('Tab')
      expect(await page.evaluate(outside)).toBe(false)
    }
    await press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await hasFocus(opening)).toBe(true)
  }

  return {
    press,
    tabTo,
    type: (text: string) => page.keyboard.type(text),
    button,
    fill,
    checkDialog,
  }
}

/** Whether something of the page outside of the dialog has the focus. In between, the browser itself has it. */
const outside =
  'document.activeElement !== document.body && document.activeElement?.closest("dialog") === null'

async function hasFocus(target: Locator): Promise<boolean> {
  return (await target.and(target.page().locator(':focus')).count()) > 0
}
