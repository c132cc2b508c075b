import { statusOfTurnFailure, type TurnFailure, transitions, type Status } from '@longhaul/core'
import { z } from 'zod'

/** Field types that several of the operator's queries, bodies and replies share. */

export const status = z.enum(Object.keys(transitions) as Status[])
export const errorCode = z.enum(Object.keys(statusOfTurnFailure) as TurnFailure[])
export const workspace = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Za-z0-9_-')

/** The maximum age: a hundred years. */
export const longest = 100 * 365 * 86_400
const seconds = `must be a number of seconds from 0 to ${longest}`
export const age = z.number(seconds).min(0, seconds).max(longest, seconds)
