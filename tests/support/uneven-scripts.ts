import type { ScriptedReply } from '@longhaul/testbed'

/** Scripts of two steps each, with thoughts and text in chunks and calls between. No two have the same pace. */
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
