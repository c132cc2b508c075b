import type { ScriptedReply } from '@longhaul/testbed'

/** So many scripts, each of two steps of thoughts and text in pieces with calls between, and no two at the same pace. */
export function unevenScripts(count: number): ScriptedReply[][] {
  const call = { name: 'current_date', arguments: {} }
  return Array.from({ length: count }, (_, at) => {
    const chunkDelay = 45 + (at % 7) * 5
    const calls = [
      { ...call, id: 'a' },
      { ...call, id: 'b' },
    ]
    return [
      { reasoning: ['Let ', 'me ', 'see.'], text: 'I look.', chunkDelay, calls },
      { delay: (at % 5) * 40, text: ['It ', 'is ', `day ${at}.`], chunkDelay },
    ]
  })
}
