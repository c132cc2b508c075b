import { test } from '@longhaul/testbed'
import { expect } from 'vitest'
import type { Attack } from './attack.ts'
import { backlog } from './attacks/backlog.ts'
import { deleted } from './attacks/deleted.ts'
import { modelIds } from './attacks/model-ids.ts'
import { patterns } from './attacks/patterns.ts'
import { schemas } from './attacks/schemas.ts'
import { secrets } from './attacks/secrets.ts'
import { templates } from './attacks/templates.ts'
import { runAttacks } from './run.ts'

const small = [
  only(templates, 'jinja loops'),
  only(schemas, 'an MCP list without end'),
  only(patterns, 'a data URL of semicolons'),
  only(secrets, 'a 307 of a POST', 'an answer that repeats them in base64'),
  deleted,
  only(modelIds, 'dots and a fragment'),
  // The last one: it leaves turns behind.
  backlog,
]

test('small attacks do not harm another workspace', async ({ redisUrl, signal }) => {
  const { results } = await runAttacks({
    attacks: small,
    workers: 1,
    redisUrl,
    short: true,
    signal,
    say: () => {},
  })
  const found = results.map(({ attack, variant, problems }) => ({ attack, variant, problems }))
  expect(found).toHaveLength(9)
  expect(found).toEqual(found.map((each) => ({ ...each, problems: [] })))
  for (const { neighbours } of results) expect(neighbours?.tasks.length).toBeGreaterThan(0)
})

/** An attack with some of its variants. */
function only(attack: Attack, ...names: string[]): Attack {
  const variants = Object.entries(attack.variants).filter(([name]) => names.includes(name))
  return { ...attack, variants: Object.fromEntries(variants) }
}
