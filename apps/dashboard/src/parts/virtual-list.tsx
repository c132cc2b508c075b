import { type ReactNode, useState } from 'react'

type Options<Item> = {
  items: readonly Item[]
  rowHeight: number
  label: string
  render: (item: Item, at: number) => ReactNode
  /** The number of rows that are seen at once. */
  rows?: number
}

/** A list of rows of one height, of which only those in view exist. */
export function VirtualList<Item>({ items, rowHeight, label, render, rows = 16 }: Options<Item>) {
  const [top, setTop] = useState(0)
  const first = Math.max(0, Math.floor(top / rowHeight) - 5)
  const shown = items.slice(first, first + rows + 10)
  const isLong = items.length > rows
  return (
    <div
      role="group"
      aria-label={label}
      className="overflow-y-auto"
      style={{ maxHeight: rows * rowHeight }}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      {...(isLong && { tabIndex: 0 })}
    >
      <div className="relative" style={{ height: items.length * rowHeight }}>
        <div className="absolute inset-x-0" style={{ top: first * rowHeight }}>
          {shown.map((item, at) => render(item, first + at))}
        </div>
      </div>
    </div>
  )
}
