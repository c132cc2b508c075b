import { KB, MB, SECOND } from './units.ts'

/** Tool calls, and what they reach. */
export const toolsLimits = {
  toolTimeout: 60 * SECOND,
  /** How often a tool's request is made that goes wrong in a way that may pass, and the longest Retry-After between two. */
  toolTries: 3,
  toolPatience: 5 * SECOND,
  /** Characters that take the places of all placeholders in the request of an `http` tool. */
  toolRequest: 16 * MB,
  /** Secrets of one call, and their characters: all that comes back is searched for them. */
  callSecrets: { count: 16, characters: 16 * KB },
  storedToolResult: 1 * MB,
  toolResultForModel: 100 * KB,
  /** What of a tool's arguments and result a response's `metadata.tool_calls` shows. */
  shownToolResult: 4 * KB,
  /**
   * Tools of an MCP server, pages in which it lists them, requests that one session makes, and bytes of all that it
   * sends in one.
   */
  mcpTools: 500,
  mcpPages: 100,
  mcpRequests: 120,
  mcpBytes: 4 * MB,
  /** How long a server has to tell its tools. */
  mcpSync: 30 * SECOND,
  /** A page that `web_scraper` reads, and how long making text of it may take. */
  page: 5 * MB,
  pageReading: 10 * SECOND,
  /** Pages that a worker reads at once, each on a thread, and how many of each workspace may wait for that. */
  pageThreads: { atOnce: 2, waiting: 20 },
  /**
   * What one call of a `code` tool may have: memory of all its processes and of its files together, and of each process;
   * its files alone; what it prints, in bytes; processes and threads; open files; its time in seconds.
   */
  code: {
    memory: 512 * MB,
    disk: 64 * MB,
    output: 256 * KB,
    processes: 16,
    files: 64,
    seconds: { default: 60, max: 120 },
    /** Calls that run in a worker at once; those of one workspace, which never has them all; its calls that wait. */
    slots: { atOnce: 8, perWorkspace: 7, waiting: 200 },
  },
  /**
   * Calls of URLs that the operator has not written; `addresses` of a host are tried, the first ones; `overhead` is what
   * may come beside twice the bytes of a body.
   */
  egress: { redirects: 5, connect: 10 * SECOND, addresses: 8, overhead: 256 * KB },
  /** Their host names that a process looks up at once, those of one workspace, and the longest that one takes. */
  lookups: { atOnce: 32, perWorkspace: 4, time: 5 * SECOND },
} as const
