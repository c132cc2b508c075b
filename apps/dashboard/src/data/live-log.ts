import type { LogEntry } from '@longhaul/client'
import { useEffect, useState } from 'react'
import { client, messageOf } from './api.ts'
import { addText, type LiveText, noText } from './live-text.ts'

type Ref = { agent: string; id: string }

/** How long one request waits for a new entry, seconds. */
const waitSeconds = 25
const pauseMs = 1_000
/** How often a log that loads, or a text that is written, is drawn, milliseconds. */
const drawEveryMs = { log: 250, text: 100 }

/**
 * The log of a task, which grows while a turn runs. `version` changes when another turn has begun; nothing is read while
 * it is empty.
 */
export function useLog({ agent, id }: Ref, version: string) {
  const [entries, setEntries] = useState<LogEntry[]>([])
  const [problem, setProblem] = useState<string>()

  useEffect(() => {
    if (version === '') return
    const leaving = new AbortController()
    void read()
    return () => leaving.abort()

    async function read(): Promise<void> {
      const { signal } = leaving
      let known: LogEntry[] = []
      let drawn = { length: 0, at: -Infinity }
      try {
        for (;;) {
          const after = known.at(-1)?.id ?? 0
          const wait = known.length === 0 ? 0 : waitSeconds
          const query = { after, limit: 200, ...(wait > 0 && { wait }) }
          const began = performance.now()
          const { data, has_more: more } = await client.tasks.log({ agent, id }, query, { signal })
          known = known.concat(data)
          // A long log is drawn a few times while it loads, and not for each page.
          const isTime = !more || performance.now() - drawn.at > drawEveryMs.log
          if (isTime && known.length > drawn.length) {
            drawn = { length: known.length, at: performance.now() }
            setEntries(known)
          }
          const last = known.at(-1)
          if (!more && (last === undefined || endsTurn(last))) return
          // A server that stops replies at once.
          if (data.length === 0 && performance.now() - began < pauseMs) await pause(pauseMs)
        }
      } catch (error) {
        if (!signal.aborted) setProblem(messageOf(error))
      }
    }
  }, [agent, id, version])

  return { entries, problem }
}

export function endsTurn({ type }: { type: string }): boolean {
  return type === 'turn.completed' || type === 'turn.failed'
}

/** The parts that a model writes now. Deltas that come together are drawn together. */
export function useLiveText({ agent, id }: Ref, isLive: boolean): LiveText[] {
  const [parts, setParts] = useState<LiveText[]>([])
  useEffect(() => {
    if (!isLive) return
    const leaving = new AbortController()
    const open = new Map<string, LiveText>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        setParts([...open.values()])
      }, drawEveryMs.text)
    }
    void watch()
    return () => {
      leaving.abort()
      clearTimeout(timer)
      setParts([])
    }

    async function watch(): Promise<void> {
      try {
        for await (const event of client.tasks.events({ agent, id }, { signal: leaving.signal })) {
          if (event.type === 'part.delta') {
            const { partId, delta } = event.data
            const added = 'text' in delta ? delta.text : delta.reasoning
            open.set(partId, addText(open.get(partId) ?? noText(delta.kind), added))
          } else if (event.type === 'part.done') {
            open.delete(event.data.partId)
          } else {
            continue
          }
          draw()
        }
      } catch {
        // The log, which is read at the same time, reports what is wrong.
      }
    }
  }, [agent, id, isLive])
  return parts
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
