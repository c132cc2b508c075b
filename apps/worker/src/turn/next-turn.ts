import type { NextClaim, NextReply } from '@longhaul/core'

/** A claim that the end of a turn brings along: the time when it was first sent, and the reply if there was one. */
export type NextTurn = { claim: NextClaim; sentAt: number; reply?: NextReply }
