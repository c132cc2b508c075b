import type { Check } from './check.ts'
import { findFaults } from '../evidence/find-faults.ts'

/** Two seconds, and a little for the way, milliseconds. */
const limit = 2_200

/** Who is told to come back later is told so soon. */
export const checkRefusals: Check = ({ client }, { faults }) => {
  const { ms, at } = client.longestRefusal
  if (ms <= limit || findFaults(faults, { from: at - ms, to: at, of: 'anybody' }).length > 0) {
    return []
  }
  return [`its client waited ${ms} ms to be refused`]
}
