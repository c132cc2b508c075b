import { RE2JS } from 're2js'

/** A pattern that matches in linear time, so that it cannot stall. Ajv requires a RegExp but only calls `test`. */
export function linearPattern(pattern: string): RegExp {
  return RE2JS.compile(RE2JS.translateRegExp(pattern)) as unknown as RegExp
}
