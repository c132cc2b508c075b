import { invalid } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import type { Seal } from './seal.ts'
import { sealDefinition } from './seal-definition.ts'
import { sealVariables } from './seal-variables.ts'
import type { HeaderInput } from './unsealed.ts'

/** A double of the API's vault, which has its own tests. */
const seal: Seal = (secret, { workspace }) => `sealed:${workspace}:${secret}`
const keyless: Seal = (_, { path }) => {
  throw invalid(path, 'there is no key')
}
const options = { workspace: 'w', seal }

describe('the headers of a tool', () => {
  test('are sealed where they are secret', () => {
    expect(sealDefinition(http({ a: 'b', c: { secret: 'd' } }), options)).toMatchObject({
      http: { headers: { a: 'b', c: { sealed: 'sealed:w:d' } } },
    })
  })

  test('that are masked stay what they were', () => {
    const current = sealDefinition(http({ c: { secret: 'd' } }), options)
    expect(sealDefinition(http({ c: { kept: true } }), { ...options, current })).toEqual(current)
    const other = { ...options, current, at: 'tools[1].' }
    expect(() => sealDefinition(http({ x: { kept: true } }), other)).toThrow(
      'tools[1].definition.http.headers.x: is masked',
    )
  })

  test('that are secret need a key', () => {
    expect(() =>
      sealDefinition(http({ c: { secret: 'd' } }), { ...options, seal: keyless }),
    ).toThrow('definition.http.headers.c: there is no key')
  })
})

describe('variables', () => {
  test('are sealed where they are secret, and nothing else of them is kept', () => {
    const input = { plain: { a: 1 }, token: { secret: true, value: 'x', sealed: 'forged' } }
    expect(sealVariables(input, options)).toEqual({
      plain: { a: 1 },
      token: { secret: true, sealed: 'sealed:w:x' },
    })
  })

  test('that are masked stay what they were', () => {
    const current = sealVariables({ token: { secret: true, value: 'x' } }, options)
    const masked = { token: { secret: true, value: '********' } }
    expect(sealVariables(masked, { ...options, current })).toEqual(current)
  })

  test.each([undefined, '', 5, { a: 1 }])('that are secret need a text, not %j', (value) => {
    expect(() => sealVariables({ token: { secret: true, value } }, options)).toThrow(
      'variables.token: is secret',
    )
  })
})

function http(headers: Record<string, HeaderInput>) {
  return {
    type: 'http' as const,
    http: { url: 'https://a.example', method: 'GET' as const, headers, arguments: {} },
  }
}
