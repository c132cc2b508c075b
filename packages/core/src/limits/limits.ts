const KB = 1024
const MB = 1024 * KB
const GB = 1024 * MB
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * Every limit of the product, in one place: sizes in bytes (of text: UTF-16 units), times in milliseconds, unless a name
 * or a comment says seconds, and numbers of things. docs/reference/limits.md lists all of them, and a test compares.
 */
export const limits = {
  // What a request may bring.

  body: 10 * MB,
  jsonDepth: 100,
  /** Values of one body or of a tool's result, objects and arrays among them: what is parsed in a few tens of milliseconds. */
  jsonValues: 100_000,
  parts: 1_000,
  mapKeys: 5_000,
  /** What a caller tells of itself and of a run (identity, thread, metadata …), as JSON. */
  notes: 64 * KB,
  template: 256 * KB,
  /** How deep a template may be nested. */
  templateDepth: 100,
  /**
   * What all templates and schemas of one request use together, of one model call, or of one sync of an MCP server:
   * steps (places visited, names looked up, operations), characters printed, and milliseconds of a processor.
   */
  content: { steps: 100_000, characters: 2 * MB, milliseconds: 2 * SECOND },
  /** For the schemas of one model reply: the milliseconds of a processor that its checks take. */
  replyChecks: SECOND / 2,
  /** What of it is done in the event loop. Beyond that the work begins again on a thread. */
  contentAtOnce: { steps: 2_000, characters: 64 * KB, milliseconds: 50 },
  /** Characters of new schemas that are compiled in the event loop. */
  schemasAtOnce: 32 * KB,
  /**
   * The milliseconds of the event loop that each workspace may use at once, and how many come back in a second. What
   * takes fewer milliseconds of a processor, as requests themselves do, is not counted.
   */
  contentShare: { milliseconds: 250, perSecond: 250, from: 2 },
  /**
   * Such threads of a process, how much of each workspace may wait for them, what is sent to one (as JSON, in characters),
   * and how long they work for one request.
   */
  contentThreads: { atOnce: 2, waiting: 20, input: 32 * MB },
  contentWait: 20 * SECOND,

  /** Texts and lists of bodies: characters, or how many. `line` is any other text in one line. */
  fields: {
    line: 1_000,
    id: 512,
    key: 255,
    displayName: 255,
    /** Of a tool, a function, a MIME type. */
    name: 256,
    /** Of a file, and of whom a request is for. */
    fileName: 1_024,
    toolType: 100,
    versionDescription: 300,
    email: 320,
    url: 8_000,
    logoUrl: 4_096,
    headerName: 200,
    headerValue: 8_000,
    tag: 256,
    tags: 100,
  },
  /** `metadata` of an OpenAI request: keys, and characters of a key and of a value. */
  metadata: { keys: 16, name: 64, value: 512 },
  /** One JSON Schema: characters, depth, and the time to compile it and to check one value. */
  schema: {
    length: 64 * KB,
    depth: 32,
    compile: SECOND,
    check: SECOND / 5,
    /** How many a process remembers. */
    remembered: 500,
  },
  /** How long an `Idempotency-Key` is remembered. */
  idempotency: DAY,

  /** From this size on a value, or a page of values, moves apart from everybody's small commands. */
  large: 256 * KB,
  /** What one command brings of a log or a list that is read in pages. */
  transferPage: 512 * KB,
  /** From this size on an agent, a tool or a page of them moves apart: callers choose it, and may ask for many at once. */
  largeDefinition: 64 * KB,
  /** Small reads of an API process on the connection that all share, at once: of all workspaces, and of each. */
  sharedReads: { atOnce: 128, perWorkspace: 32 },
  /** How many large transfers a process makes at once, and how many of each workspace may wait. */
  transfers: { atOnce: 4, waiting: 200 },
  /**
   * What all bodies and large replies under way hold, and what is loaded for them: those of one API key, of one workspace,
   * which never has all that a process has, and of a process. A small one is not refused for what other keys hold.
   */
  bytesInFlight: { perKey: 32 * MB, perWorkspace: 64 * MB, perProcess: 128 * MB, small: 64 * KB },
  /** Requests of one connection that come before the replies to those before them; then it is closed. */
  pipelined: 64,
  /** A page of a list ends when it holds this much, and a search when it has read this much. */
  listBytes: 8 * MB,

  // What is listed and read.

  /** One version of an agent or a tool, as JSON. */
  definition: 1 * MB,
  /** What a turn is run by, as JSON: its agent with all tools. */
  plan: 4 * MB,
  /** Plans that a worker remembers, and their characters together. */
  plansKept: { count: 200, characters: 64 * MB },
  listPage: 200,
  /** Items of a page of a response's input. */
  inputItems: { default: 20, max: 100 },
  /** Tasks that a page of a list looks at for those that fit, and how many together. */
  listScan: { tasks: 5_000, together: 200 },
  /** Facts and deltas that a stream reads at once, and how many characters of each. */
  readEntries: { size: 200, length: MB },
  /** Failed tasks that one request may have go on: found by it, or named in it. */
  redrives: 10_000,
  redriveIds: 1_000,
  /** Entries that one request of the doctor looks at. */
  walk: { default: 500, max: 5_000 },
  /** The longest that `?wait=` may ask for. */
  longPoll: MINUTE,
  /** How long the cancelling of an OpenAI response waits for its end. */
  cancelWait: 5 * SECOND,
  /** For how many seconds a watch token opens a task. */
  watchToken: { default: 600, max: 3_600 },
  /** For how long a turn is kept that was not to be stored, after its end. */
  unstored: 10 * MINUTE,

  // What an agent may have.

  agentTools: 128,
  fallbackModels: 16,
  /** Characters of a model's `provider/model` id. */
  modelId: 256,

  // A turn and its calls.

  /** What is recorded of a request: its message with the templates filled, what came before it, its variables. */
  submission: 16 * MB,
  /** A value of a fact above this size is kept in a blob of its own. */
  inline: 16 * KB,
  toolResultKept: 1 * MB,
  toolResultForModel: 100 * KB,
  /** What of a tool's arguments and result a response's `metadata.tool_calls` shows. */
  toolResultShown: 4 * KB,
  modelOutput: 4 * MB,
  /** How many calls of one reply are made, the first ones; the model reads of the others that they were not. */
  callsPerReply: 128,
  /** How many of them are made at once. */
  callsAtOnce: 16,
  /** How often a model is asked again whose answer is not what the plan's `output` asks for. */
  outputRepairs: 1,
  /** A file of a message, decoded. */
  file: 7 * MB,
  fileTimeout: MINUTE,
  /** How often a file's server is asked, the pause in between, and files that are fetched at once. */
  fileTries: 3,
  filePause: SECOND,
  filesAtOnce: 4,
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
  /** Memory of such a thread and of one for templates, and how long the latter is kept without work. */
  threads: { memory: 256 * MB, idle: 30 * SECOND },

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

  // An API process.

  /** Streams and waiting requests that are open in one API process: of one API key, of one watch token, in all. */
  streams: { perKey: 1_000, perToken: 20, total: 10_000 },
  /** When a refused one may be tried again. */
  streamRetry: 5 * SECOND,
  /** Connections of an API process over which no request with a valid key has come yet. */
  newConnections: 1_000,
  /**
   * Unknown keys that one address may send within a window, and how many addresses are remembered. A key that was valid
   * lately passes from any address: for how long, and how many such keys are remembered.
   */
  guesses: {
    perMinute: 30,
    window: MINUTE,
    addresses: 10_000,
    validFor: HOUR,
    validKeys: 10_000,
  },
  /** The longest time after which a refused request is asked to come again. */
  retryAfter: MINUTE,
  /** One log line of refusals for each caller and policy in this time, and how many callers are remembered for that. */
  refusalLog: { every: MINUTE, callers: 10_000 },

  /**
   * Of HTTP: how long the head of a request and all of it may take, how much of its body must arrive in which time, how
   * often that is checked, how long an idle connection is kept, requests of one connection; of a refused upload, what is
   * read all the same, and how long its end waits.
   */
  http: {
    headers: 15 * SECOND,
    request: 15 * MINUTE,
    upload: { bytes: 512 * KB, within: 30 * SECOND },
    check: 5 * SECOND,
    idle: 65 * SECOND,
    requestsPerConnection: 10_000,
    smallUpload: 64 * KB,
    linger: SECOND,
  },
  /** Of a stream: how often it says something, how often its key is checked, how long a reader may take nothing. */
  eventStream: { heartbeat: 15 * SECOND, keyCheck: 5 * SECOND, stall: 30 * SECOND },
  /** How long keys and resolved agents are remembered, and how many. */
  remembered: { time: SECOND, keys: 10_000, agents: 500 },
  /** How long an older process leaves the restoring of a lost list of keys to a newer one. */
  newerKeysFirst: 3 * SECOND,
  /** How often a change of an agent or a tool is made again on top of another one. */
  changeTries: 10,
  /** Of Redis: how long connecting, a command of a request, and silence may take; how long a read waits for something new. */
  redis: {
    connect: 2 * SECOND,
    command: 1.5 * SECOND,
    silence: 4 * SECOND,
    bulkCommand: 15 * SECOND,
    bulkSilence: 8 * SECOND,
    blockingRead: 5 * SECOND,
  },

  // A workspace.

  /**
   * What one workspace may keep at a time: items, versions of one agent or one tool, bytes of all definitions with
   * their versions, bytes of the plans of its turns, bytes of its tasks' notes that have 1 KB or more, conversations, and watch tokens that have not expired.
   */
  workspace: {
    agents: 10_000,
    tools: 10_000,
    mcpServers: 1_000,
    versions: 1_000,
    definitionBytes: GB,
    planBytes: 4 * GB,
    noteBytes: GB,
    conversations: 100_000,
    watchTokens: 10_000,
  },

  // How long and how often.

  iterations: { default: 100, max: 1_000 },
  executionSeconds: { default: 600, max: 86_400 },
  /** How long a model call may go on when the turn's time is used up; as long again where that is more. */
  executionOverrun: 10 * SECOND,
  toolTimeout: 60 * SECOND,
  /** How often a tool's request is made that goes wrong in a way that may pass, and the longest Retry-After between two. */
  toolTries: 3,
  toolPatience: 5 * SECOND,

  model: {
    firstByte: 5 * MINUTE,
    betweenChunks: 2 * MINUTE,
    call: 30 * MINUTE,
    /** Of an agent whose `retry` names no count, and after answers that cannot be used. */
    retries: 3,
    backoff: 500,
    backoffMax: MINUTE,
    /** How long a failed call is repeated where the agent has no `retry` of its own, unless the operator says otherwise. */
    patience: 10 * MINUTE,
    /** The longest Retry-After that is followed. */
    retryAfter: DAY,
    /** While another model is left: how often one is asked first, and the longest pause before it is asked again. */
    beforeFallback: { tries: 2, pause: 2 * SECOND },
    /** What is read of the body of an error. */
    errorBody: 64 * KB,
  },

  /** Output that is streamed is recorded this often. */
  deltaInterval: 40,
  /**
   * What a process holds of tasks: shares of a worker's heap for logs, for work under way, and for plans, and of that of
   * an API process for bodies and replies; the log of a turn that
   * never waits; what a reply, a file or a request may have before it waits for room, and how often its bytes count, which
   * are there as they came, as text and as JSON; how full the room for logs may be when one more comes in; when a turn looks
   * for room again, how many of a workspace look as often as that, and how long one that is late keeps its place.
   */
  liveBytes: {
    logs: 0.16,
    work: 0.25,
    plans: 0.03,
    requests: 0.125,
    smallLog: 256 * KB,
    smallWork: 64 * KB,
    copies: 6,
    filled: 0.75,
    again: SECOND,
    atOnce: 20,
    patience: 5 * SECOND,
  },
  /** When a job comes back that this worker is too old for, one whose Redis was away, and one whose log could not be read. */
  newerDelay: 5 * SECOND,
  unavailableDelay: SECOND,
  unreadDelay: 5 * SECOND,
  /**
   * How much a worker's maintenance does at once, and when it looks again: tasks that are purged together, and how long
   * one shard is; turns that are repaired together, after how long a job is added again, and other work taken again; how
   * long a deleted agent's late tasks are cancelled; failed tasks that go on.
   */
  maintenance: {
    purgeBatch: 50,
    purgeSlice: SECOND / 4,
    batch: 500,
    outboxAgain: 30 * SECOND,
    takenAgain: 5 * SECOND,
    lateSubmit: MINUTE,
    redriveEvery: SECOND,
    redriveBatch: 100,
    redriveAgain: 30 * SECOND,
  },

  /** A turn that must wait for longer waits without a worker. */
  waitInWorker: 10 * SECOND,

  /** How long a turn is parked that waits for sub-agents; their answers come by themselves. */
  parked: 60 * MINUTE,
  /** How deep agents may call agents, how many a turn may call, and how many models it and all of these. */
  agentDepth: 5,
  children: 100,
  treeCalls: 2_000,
  /** How many tasks of sub-agents begin in a tree. */
  treeChildren: 1_000,

  /**
   * Calls of URLs that the operator has not written; `addresses` of a host are tried, the first ones; `overhead` is what
   * may come beside twice the bytes of a body.
   */
  egress: { redirects: 5, connect: 10 * SECOND, addresses: 8, overhead: 256 * KB },
  /** Their host names that a process looks up at once, those of one workspace, and the longest that one takes. */
  lookups: { atOnce: 32, perWorkspace: 4, time: 5 * SECOND },
  /** Characters that take the places of all placeholders in the request of an `http` tool. */
  toolRequest: 16 * MB,
  /** Secrets of one call, and their characters: all that comes back is searched for them. */
  callSecrets: { count: 16, characters: 16 * KB },

  /** How long a call waits for its approval. */
  approvalSeconds: { default: (12 * 60 * MINUTE) / SECOND, max: (30 * DAY) / SECOND },
  /** What a reviewer says of why, in characters. */
  reviewReason: 2_000,

  /** How long a cancelled turn's worker has to stop by itself. */
  cancelGrace: 2 * SECOND,
  /** Bytes of a task's streamed output that are kept beside the log: beyond them, that of parts that are over goes. */
  deltas: 16 * MB,
  /** Facts of a task, and their bytes with those of their blobs: at the limit it takes no further step. */
  facts: 20_000,
  logBytes: 64 * MB,
  /** Of the facts, those that are kept for the end of a turn and what comes from outside. */
  factsReserve: 100,
  /**
   * Worker processes in a row that die while they run a turn which records no fact: from so many on it is a suspect.
   * Of those that died after streamed output the first few do not count. A suspect ends when so many processes have
   * died of it that ran nothing else.
   */
  blame: { suspect: 2, streamed: 3, alone: 2 },
  /**
   * Processes of one worker that each run one suspect: at once, of one workspace, how often a suspect that finds none
   * free looks again; how long such a process may take to start, its event loop to stand still, and to leave when its worker has died. One that was never
   * seen to die alone rests before its next try: after so many deaths, doubling from the first rest to the longest.
   */
  suspects: {
    atOnce: 4,
    perWorkspace: 3,
    lookAgain: 2 * SECOND,
    start: MINUTE,
    standstill: 10 * SECOND,
    farewell: 2 * SECOND,
    rest: { after: 4, first: 10 * SECOND, longest: 10 * MINUTE },
  },
  /** How long a forgotten task's id stays taken: as long as an idempotency key may lead to it. */
  tombstone: DAY,
} as const
