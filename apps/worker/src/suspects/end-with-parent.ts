import { limits } from '@longhaul/core'
import { workerData } from 'node:worker_threads'

/** A thread that ends its process some time after the parent process has ended, even if the event loop is blocked. */
const every = limits.suspects.farewell / 2
let orphanedMs = 0
setInterval(() => {
  if (process.ppid === workerData) return
  orphanedMs += every
  if (orphanedMs > limits.suspects.farewell) process.kill(process.pid, 'SIGKILL')
}, every)
