import type { Check } from './check-function.ts'
import { findFaults } from '../evidence/find-faults.ts'

/** Two seconds, and some time for the transfer, in milliseconds. */
const limit = 2_200

/** A client that must retry later learns so within two seconds. */
export const checkRefusals: Check = ({ client }, { faults }) => {
  const { ms, at } = client.longestRefusal
  if (ms <= limit || findFaults(faults, { from: at - ms, to: at, of: 'anybody' }).length > 0) {
    return []
  }
  return [`its client waited ${ms} ms to be refused`]
}
