import { KB, MB, SECOND } from './units.ts'

/** Tool calls, and the requests that they make. */
export const toolsLimits = {
  toolTimeout: 60 * SECOND,
  /**
   * How often a tool's request is made when it fails with a temporary error, and the longest Retry-After between two
   * tries.
   */
  toolTries: 3,
  toolPatience: 5 * SECOND,
  /** Characters of all values that replace placeholders in the request of an `http` tool. */
  toolRequest: 16 * MB,
  /** Secrets of one call, and their characters: every result is searched for them. */
  callSecrets: { count: 16, characters: 16 * KB },
  storedToolResult: 1 * MB,
  toolResultForModel: 100 * KB,
  /** The size of a tool's arguments and result in a response's `metadata.tool_calls`. */
  shownToolResult: 4 * KB,
  /**
   * Tools of an MCP server, pages in which it lists them, requests of one session, and bytes that the server sends in
   * one session.
   */
  mcpTools: 500,
  mcpPages: 100,
  mcpRequests: 120,
  mcpBytes: 4 * MB,
  /** How long a server may take to list its tools. */
  mcpSync: 30 * SECOND,
  /** The size of a page that `web_scraper` reads, and the time for its conversion to text. */
  page: 5 * MB,
  pageReading: 10 * SECOND,
  /** Pages that a worker converts at once, each on a thread, and how many of each workspace may wait. */
  pageThreads: { atOnce: 2, waiting: 20 },
  /**
   * Limits of one call of a `code` tool: memory of all its processes and its files together, and of each process; its
   * files alone; its output in bytes; processes and threads; open files; its time in seconds.
   */
  code: {
    memory: 512 * MB,
    disk: 64 * MB,
    output: 256 * KB,
    processes: 16,
    files: 64,
    seconds: { default: 60, max: 120 },
    /**
     * Calls that run in a worker at once; the calls of one workspace among them, always fewer; and the waiting calls of
     * one workspace.
     */
    slots: { atOnce: 8, perWorkspace: 7, waiting: 200 },
  },
  /**
   * Requests to URLs that the operator did not write. The first `addresses` addresses of a host are tried. `overhead`
   * is the number of bytes allowed in addition to twice the bytes of a body.
   */
  egress: { redirects: 5, connect: 10 * SECOND, addresses: 8, overhead: 256 * KB },
  /**
   * Host names of these requests that a process resolves at once, those of one workspace, and the longest time for one.
   */
  lookups: { atOnce: 32, perWorkspace: 4, time: 5 * SECOND },
} as const
