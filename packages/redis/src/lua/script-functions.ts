import { hasEnded, type Status, transitions } from '@longhaul/core'

const statuses = Object.keys(transitions) as Status[]

/** A Lua function that tests whether a status is one of these. */
function statusFunction(name: string, isOne: (status: Status) => boolean) {
  const tests = statuses.filter(isOne).map((status) => `status == '${status}'`)
  return { name, source: `local function ${name}(status) return ${tests.join(' or ')} end` }
}

/** The text of a whole number. Redis and Lua convert numbers slowly, and most numbers are small and return. */
const textOf = `-- @kept true
local texts = {}
-- @end
local function textOf(number)
  local text = texts[number]
  if text then return text end
  text = string.format('%d', number)
  if #text < 4 then texts[number] = text end
  return text
end`

/** Lua functions that each script has whose code mentions them. */
export const scriptFunctions = [
  statusFunction('isLive', (status) => !hasEnded(status)),
  statusFunction('hasEnded', hasEnded),
  { name: 'textOf', source: textOf },
]
