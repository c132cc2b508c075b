import { mkdir, rm, writeFile } from 'node:fs/promises'

/** Writes the evidence and the logs of a run, in place of those of an earlier run. */
export async function saveEvidence(
  folder: string,
  evidence: object,
  logs: ReadonlyMap<string, string[]>,
): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(`${folder}/evidence.json`, `${JSON.stringify(evidence)}\n`)
  for (const [name, lines] of logs)
    await writeFile(`${folder}/${name}.log`, `${lines.join('\n')}\n`)
}
