type Listed = { data: { id: string }[]; hasMore: boolean }

/** Reads a list page by page, each page after the last id of the one before, and returns all ids. */
export async function everyPage(
  list: (after: string | undefined) => Promise<Listed>,
): Promise<string[]> {
  const met: string[] = []
  for (let more = true; more;) {
    const page = await list(met.at(-1))
    met.push(...idsOf(page))
    more = page.hasMore
  }
  return met
}

export function idsOf({ data }: Pick<Listed, 'data'>): string[] {
  return data.map(({ id }) => id)
}
