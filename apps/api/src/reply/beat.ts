/** The beats in an interval: a member is called this much of an interval early at most. */
const beatsPerInterval = 30

type Member = { beats: number; due: () => void }
type Group = { members: Set<Member>; timer: NodeJS.Timeout }

/** By interval: all members of an interval share one timer. */
const groups = new Map<number, Group>()

/**
 * Calls `due` in this interval until it is stopped, and a `refresh` begins the interval again. One timer serves the open
 * replies of the process: a timer of its own would cost a reply more than most of its events.
 */
export function everyInterval(
  ms: number,
  due: () => void,
): { refresh: () => void; stop: () => void } {
  const member: Member = { beats: 0, due }
  const group = groups.get(ms) ?? openGroup(ms)
  group.members.add(member)
  return {
    refresh() {
      member.beats = 0
    },
    stop() {
      group.members.delete(member)
      if (group.members.size > 0 || groups.get(ms) !== group) return
      clearInterval(group.timer)
      groups.delete(ms)
    },
  }
}

function openGroup(ms: number): Group {
  const members = new Set<Member>()
  const timer = setInterval(() => beat(members), ms / beatsPerInterval)
  const group = { members, timer }
  groups.set(ms, group)
  return group
}

function beat(members: Set<Member>): void {
  for (const member of members) {
    member.beats += 1
    if (member.beats < beatsPerInterval) continue
    member.beats = 0
    member.due()
  }
}
