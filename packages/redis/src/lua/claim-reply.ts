import * as reply from './reply.ts'

const turn = { taskId: reply.text, turn: reply.number }

/** The replies of `lib/claim.lua`. */
export const claimReplies = {
  claimed: {
    ...turn,
    attempt: reply.text,
    epoch: reply.number,
    cancelRequested: reply.bit,
    texts: reply.list(reply.text),
    workspace: reply.text,
    deaths: reply.number,
    length: reply.number,
    bytes: reply.number,
    deadline: reply.unlessEmpty(reply.number),
    isUnread: reply.bit,
    alone: reply.number,
    held: reply.number,
    rates: reply.unlessEmpty(reply.text),
    wait: reply.unlessEmpty(reply.text),
  },
  suspect: {
    ...turn,
    workspace: reply.text,
    deaths: reply.number,
    alone: reply.number,
    sinceMs: reply.number,
  },
  large: { ...turn, bytes: reply.number, workspace: reply.text },
}

/** The replies of `lib/claim-next.lua`. */
export const nextReplies = { ...claimReplies, none: {}, lost: {} }
