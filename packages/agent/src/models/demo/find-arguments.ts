/** The arguments that a text has for a tool: a JSON object behind its name. Undefined without one. */
export function findArguments(text: string, tool: string): string | undefined {
  const name = text.indexOf(`${tool} {`)
  if (name < 0) return undefined
  const start = name + tool.length + 1
  for (let end = text.indexOf('}', start); end > 0; end = text.indexOf('}', end + 1)) {
    const json = text.slice(start, end + 1)
    if (isJson(json)) return json
    if (json.length > longest) return undefined
  }
  return undefined
}

/** Longer arguments are not looked for, so that no text takes long. */
const longest = 2_000

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
