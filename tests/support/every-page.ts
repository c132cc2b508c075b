type Listed = { data: { id: string }[]; hasMore: boolean }

/** The ids met by who asks for page after page, each after the last id of the one before. */
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
