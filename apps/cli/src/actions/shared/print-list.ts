import type { Context } from '../../context.ts'
import { drawTable } from '../../output/draw-table.ts'
import type { Given } from '../../spec.ts'

type List<T> = {
  header: string[]
  row: (item: T) => string[]
  /** What `--ids` prints of an item. */
  id: (item: T) => string | undefined
  /** What people read in place of an empty table. */
  empty: string
}

/** Prints a list as its ids, as JSON or as a table. */
export function printList<T>(
  items: T[],
  { header, row, id, empty }: List<T>,
  { given, out }: { given: Given; out: Context['out'] },
): void {
  if (given.flag('ids')) {
    for (const found of items.map(id)) if (found !== undefined) out.line(found)
  } else if (out.json) out.document(items)
  else if (items.length === 0) out.note(empty)
  else for (const line of drawTable(header, items.map(row), out.width)) out.line(line)
}
