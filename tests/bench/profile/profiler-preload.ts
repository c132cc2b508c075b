import { rename, writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'

/*
 * Loaded into a process of the product. The first SIGUSR2 starts a CPU profile of its main thread, the second one ends it
 * and writes it to the file in `PROFILE_FILE`.
 */
const session = new Session()
session.connect()
let isRunning = false

process.on('SIGUSR2', () => void toggle())

async function toggle(): Promise<void> {
  isRunning = !isRunning
  if (isRunning) {
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    return
  }
  const { profile } = await session.post('Profiler.stop')
  const file = process.env['PROFILE_FILE'] ?? ''
  await writeFile(`${file}.part`, JSON.stringify(profile))
  // Who waits for the file reads it whole.
  await rename(`${file}.part`, file)
}
