import { plannedKinds, type PlannedKind } from './fault-kinds.ts'

type ExpectedStep = { faults?: string; without?: string | undefined }

/**
 * The kinds of faults that a run leaves out. Both options are comma-separated lists of kinds or of their prefixes:
 * `faults` names the only ones that happen (an empty list: all), `without` those that do not.
 */
export function chooseFaults({ faults = '', without = '' }: ExpectedStep): {
  without: PlannedKind[]
  problem: string | undefined
} {
  const only = namesIn(faults)
  const not = namesIn(without)
  const unknown = [...only, ...not].find((name) => !plannedKinds.some((kind) => isOf(kind, name)))
  const left = plannedKinds.filter(
    (kind) =>
      (only.length > 0 && !only.some((name) => isOf(kind, name))) ||
      not.some((name) => isOf(kind, name)),
  )
  const problem =
    unknown === undefined
      ? undefined
      : `no kind of fault begins with "${unknown}"; there are: ${plannedKinds.join(', ')}`
  return { without: left, problem }
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function isOf(kind: PlannedKind, name: string): boolean {
  return kind.toLowerCase().startsWith(name.toLowerCase())
}
