import { useRef, useState } from 'react'
import { messageOf } from './api.ts'

export type BulkJob = {
  label: string
  total: number
  done: number
  failures: { id: string; message: string }[]
  isOver: boolean
}

/** The pause between two calls, milliseconds. */
const paceMs = 50

/** Acts on many tasks, one after the other and at a pace. It can be aborted; what is done stays done. */
export function useBulk<Item extends { id: string }>() {
  const [job, setJob] = useState<BulkJob>()
  const aborting = useRef<AbortController>(undefined)

  async function start(label: string, items: Item[], act: (item: Item) => Promise<unknown>) {
    const controller = new AbortController()
    aborting.current = controller
    const begun: BulkJob = { label, total: items.length, done: 0, failures: [], isOver: false }
    let done = 0
    setJob(begun)
    const failures: BulkJob['failures'] = []
    for (const item of items) {
      if (controller.signal.aborted) break
      try {
        await act(item)
      } catch (error) {
        failures.push({ id: item.id, message: messageOf(error) })
      }
      done += 1
      setJob({ ...begun, done, failures: [...failures] })
      await new Promise((resolve) => setTimeout(resolve, paceMs))
    }
    setJob({ ...begun, done, failures, isOver: true })
  }

  return {
    job,
    start,
    abort: () => aborting.current?.abort(),
    close: () => setJob(undefined),
  }
}
