import { useEffect, useState } from 'react'
import { isTyping } from '../parts/shell.tsx'

type Options = {
  size: number
  onOpen: (at: number) => void
  more?: Record<string, (at: number) => void>
}

/** Moves through rows with `j` and `k`, and opens one with Enter. The row has the focus. */
export function useRowKeys({ size, onOpen, more = {} }: Options): [number, (at: number) => void] {
  const [at, setAt] = useState(-1)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event) || size === 0) return
      const act = more[event.key]
      if (event.key === 'j') setAt(Math.min(size - 1, at + 1))
      else if (event.key === 'k') setAt(Math.max(0, at - 1))
      else if (event.key === 'Enter' && at >= 0 && event.target === document.body) onOpen(at)
      else if (act !== undefined && at >= 0) act(at)
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
  return [at, setAt]
}
