import { readFile } from 'node:fs/promises'

/** The process in which a worker runs this task as a suspect; undefined while there is none. */
export async function suspectProcess(worker: number, task: string): Promise<number | undefined> {
  const children = await textOf(`/proc/${worker}/task/${worker}/children`)
  for (const pid of children.split(' ').filter((word) => word !== '')) {
    const words = (await textOf(`/proc/${pid}/cmdline`)).split('\0')
    if (words.includes(task)) return Number(pid)
  }
  return undefined
}

/** The content of a file of `/proc`; empty for a process that is gone. */
async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '')
}
