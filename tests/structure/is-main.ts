import { fileURLToPath } from 'node:url'

/** Whether a module is the entry point of the process. */
export function isMain(url: string): boolean {
  return process.argv[1] === fileURLToPath(url)
}
