import { parseExact } from './parse-exact.ts'

/** A large value as its JSON: written once, and not held as a tree, which may take twenty times as much memory. */
export class JsonText {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }

  /** Within another value it is the value that it stands for. */
  toJSON(): unknown {
    return parseExact(this.json)
  }
}
