import { expect, test } from 'vitest'
import { nextVersion } from './next-version.ts'

test.each([
  [undefined, '1.9.10'],
  ['patch', '1.9.10'],
  ['minor', '1.10.0'],
  ['major', '2.0.0'],
] as const)('%s makes 1.9.9 to %s', (increment, expected) => {
  expect(nextVersion('1.9.9', increment)).toBe(expected)
})
