import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { applyCut } from './cut.ts'
import { safeguards } from './safeguards.ts'

const cuts = safeguards.flatMap((safeguard) => [...safeguard.cuts, ...(safeguard.always ?? [])])

test.for(cuts)('$file contains once: $piece', async (cut) => {
  const source = await readFile(new URL(`../../../${cut.file}`, import.meta.url), 'utf8')
  expect(applyCut(source, cut)).not.toBe(source)
})
