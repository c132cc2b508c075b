/** A server that runs agents, and that a user could choose in place of this product. */
export type Peer = {
  name: string
  /** Its packages with their exact versions. */
  packages: Record<string, string>
  /** The files of the smallest server, by name. `main.mjs` starts it, and sends its URL to its parent. */
  files: Record<string, string>
  /** A request that is answered at the end of the run. */
  sync: { path: string; body: (text: string) => object }
  /** A request that is answered at once, where the server has one. */
  background?: { path: string; body: (text: string) => object }
  /** A request that deletes all runs. */
  clear?: { path: string; body: object }
}
