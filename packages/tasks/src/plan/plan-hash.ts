import { invalid, limits, type Plan } from '@longhaul/core'
import { canonicalJson } from '../lib/canonical-json.ts'
import { sha256 } from '../lib/sha256.ts'

/** The name of a plan: the SHA-256 of its canonical JSON, in hex. Throws invalid for a plan that is too large. */
export function planHash(plan: Plan): string {
  const json = canonicalJson(plan)
  if (json.length > limits.plan) {
    throw invalid(
      'agent.tools',
      `the agent with all its tools has ${json.length} characters, and a turn may have ${limits.plan}: use fewer or smaller tools`,
    )
  }
  return sha256(json)
}
