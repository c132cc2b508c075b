import { memo } from 'react'
import type { LiveText } from '../data/live-text.ts'

/** The text of a part that is being written. A chunk that is complete is not drawn again. */
export function LiveChunks({ chunks, dropped }: Pick<LiveText, 'chunks' | 'dropped'>) {
  return (
    <>
      {dropped > 0 && '… '}
      {chunks.map((text, at) => (
        <Chunk key={dropped + at} text={text} />
      ))}
      <span className="ml-0.5 inline-block h-4 w-2 animate-pulse bg-accent align-text-bottom" />
    </>
  )
}

const Chunk = memo(({ text }: { text: string }) => <span>{text}</span>)
