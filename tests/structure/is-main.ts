import { fileURLToPath } from 'node:url'

/** Whether a module was started, and not imported. */
export function isMain(url: string): boolean {
  return process.argv[1] === fileURLToPath(url)
}
