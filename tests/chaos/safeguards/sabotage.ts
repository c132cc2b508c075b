import fs from 'node:fs'
import { registerHooks, syncBuiltinESMExports } from 'node:module'
import { applyCut, type Cut, cutsVariable } from './cut.ts'

// Preloaded by a process: it then runs the product with the cuts of its environment.
const cuts = JSON.parse(process.env[cutsVariable] ?? '[]') as Cut[]

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    const matching = cutsOf(url)
    if (matching.length === 0 || loaded.source == null) return loaded
    const source = Buffer.from(loaded.source as Uint8Array).toString()
    return { ...loaded, source: matching.reduce(applyCut, source) }
  },
})

// Lua scripts are read, not imported.
const readFileSync = fs.readFileSync
fs.readFileSync = ((path: fs.PathOrFileDescriptor, ...options: []) => {
  const content = readFileSync(path, ...options) as unknown
  const matching = String(path).endsWith('.lua') ? cutsOf(path) : []
  return matching.length === 0 ? content : matching.reduce(applyCut, String(content))
}) as typeof readFileSync
syncBuiltinESMExports()

function cutsOf(path: fs.PathOrFileDescriptor): Cut[] {
  return cuts.filter(({ file }) => String(path).endsWith(`/${file}`))
}
