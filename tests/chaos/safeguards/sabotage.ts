import fs from 'node:fs'
import { registerHooks, syncBuiltinESMExports } from 'node:module'

/** A piece of one of the product's files that is another piece, or gone, in a process that loads this module first. */
export type Cut = { file: string; piece: string; becomes: string }

/** Where such a process finds its cuts, as JSON. */
export const cutsVariable = 'CHAOS_CUTS'

const cuts = JSON.parse(process.env[cutsVariable] ?? '[]') as Cut[]

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    const mine = cutsOf(url)
    if (mine.length === 0 || loaded.source == null) return loaded
    const source = Buffer.from(loaded.source as Uint8Array).toString()
    return { ...loaded, source: mine.reduce(cut, source) }
  },
})

// Scripts for Redis are read, not imported.
const readFileSync = fs.readFileSync
fs.readFileSync = ((path: fs.PathOrFileDescriptor, ...options: []) => {
  const content = readFileSync(path, ...options) as unknown
  const mine = String(path).endsWith('.lua') ? cutsOf(path) : []
  return mine.length === 0 ? content : mine.reduce(cut, String(content))
}) as typeof readFileSync
syncBuiltinESMExports()

function cutsOf(path: fs.PathOrFileDescriptor): Cut[] {
  return cuts.filter(({ file }) => String(path).endsWith(`/${file}`))
}

/** Throws when the piece is not there, once: else the experiment would show nothing. */
function cut(text: string, { file, piece, becomes }: Cut): string {
  const [before, after, ...more] = text.split(piece)
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} has not exactly one ${JSON.stringify(piece)}`)
  }
  return before + becomes + after
}
