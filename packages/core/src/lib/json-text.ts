import { parseExact } from './parse-exact.ts'

/**
 * A large value as its JSON. It is serialized once, and not held as a tree, which may take twenty times as much memory.
 */
export class JsonText {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }

  /** Within another value, it serializes as the value that it represents. */
  toJSON(): unknown {
    return parseExact(this.json)
  }
}
