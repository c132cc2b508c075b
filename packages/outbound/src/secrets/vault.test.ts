import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createVault } from './vault.ts'

const vault = createVault(Buffer.alloc(32, 7))
const context = 'workspace/tool_1/authorization'
const anyText = fc.string({ unit: 'binary' })

describe('a sealed secret', () => {
  test('opens with the same key and context, for any texts', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        anyText,
        anyText,
        (key, text, place) => {
          const { seal, open } = createVault(key)
          expect(open(seal(text, place), place)).toBe(text)
        },
      ),
    )
  })

  test('does not open with another context', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (text, place, other) => {
        fc.pre(place !== other)
        const sealed = vault.seal(text, place)
        expect(() => vault.open(sealed, other)).toThrow(/belongs to another place/)
      }),
    )
  })

  test('does not open when any of its characters was changed', () => {
    const sealed = vault.seal('hunter2', context)
    const character = fc.constantFrom(...'ABCDwxyz0189-_.=+/ '.split(''))
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), character, (at, changed) => {
        fc.pre(sealed[at] !== changed)
        const text = sealed.slice(0, at) + changed + sealed.slice(at + 1)
        expect(() => vault.open(text, context)).toThrow(/sealed/)
      }),
      { numRuns: 1_000 },
    )
  })

  test('does not open when it was shortened or extended', () => {
    const sealed = vault.seal('hunter2', context)
    for (let length = 0; length < sealed.length; length++) {
      expect(() => vault.open(sealed.slice(0, length), context)).toThrow(/sealed/)
    }
    for (const more of ['A', '.', 'AAAA', '=']) {
      expect(() => vault.open(sealed + more, context)).toThrow(/sealed/)
    }
  })

  test('names the key that is needed', () => {
    const sealed = vault.seal('hunter2', context)
    const other = createVault(Buffer.alloc(32, 8))
    const [, needed] = sealed.split('.')
    const [, had] = other.seal('x', context).split('.')
    const refused = expect.objectContaining({
      message: 'the secret was sealed with another key: store it again',
      cause: new Error(`its key has the id ${needed}, LONGHAUL_SECRET_KEY has ${had}`),
    })
    expect(() => other.open(sealed, context)).toThrow(refused)
  })

  test('is different each time, and is plain text for any store', () => {
    const sealed = Array.from({ length: 100 }, () => vault.seal('hunter2', context))
    expect(new Set(sealed).size).toBe(100)
    for (const text of sealed) expect(text).toMatch(/^lh1\.[\w-]{8}\.[\w-]{16}\.[\w-]{31}$/)
  })

  test('opens in the format of earlier versions', () => {
    const text = 'lh1.S7Bvjk46.hM0xzT2hVdahNycS.8-6SKV7FlFe0FKMX6pvEL_JCR4Brk6c'
    expect(vault.open(text, context)).toBe('hunter2')
  })
})

test('no error shows a secret, or the key', () => {
  const key = randomBytes(32)
  const { seal, open } = createVault(key)
  const sealed = seal('hunter2', context)
  const wrong: [string, string][] = [
    [sealed, 'elsewhere'],
    [`${sealed}A`, context],
    ['hunter2', context],
    [vault.seal('hunter2', context), context],
  ]
  for (const [text, place] of wrong) {
    const error = (() => {
      try {
        return open(text, place)
      } catch (reason) {
        return reason as Error
      }
    })()
    expect(error).toBeInstanceOf(Error)
    const message = `${String(error)} ${String((error as Error).cause)}`
    expect(message).not.toContain('hunter2')
    expect(message).not.toContain(key.toString('base64').slice(0, 8))
  }
})

test('without a key nothing is sealed or opened, and only the cause names the variable', () => {
  const none = createVault(undefined)
  expect([vault.available, none.available]).toEqual([true, false])
  const refused = expect.objectContaining({
    message: expect.stringMatching(/^no secret can be kept or read here: .+ operates this server$/),
    cause: new Error('LONGHAUL_SECRET_KEY is not set'),
  })
  expect(() => none.seal('hunter2', context)).toThrow(refused)
  expect(() => none.open(vault.seal('x', context), context)).toThrow(refused)
})
