#!/usr/bin/env node
// The compiled code is kept between runs, which halves the time to the first line. A folder that cannot be written
// is no error.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../../../.data/compile-cache', import.meta.url)))
await import('../src/main.ts')
