--[[ Begins the task of a sub-agent, which answers a call of its parent's running turn. It ends when that must.
  KEYS 1 head  2 log  3 outbox  4 deadlines  5 wake  6 index of the workspace  7 index of the agent  8 the parent's head
       9 the parent's log  10 to 18 the queue's, as BullMQ's addStandardJob wants them
       19 the head of the task at the tree's root  20 bytes of notes, by workspace  21.. blobs
  ARGV 1 now or ''  2 task id  3 workspace  4 agent id  5 request id  6 job id  7 the fact turn.started as JSON
       8 what the head tells of the turn, as JSON  9 what the names of the queue's keys begin with
       10 the caller's notes as JSON  11 ms until the turn must have ended at the latest  12 ms that the task is kept
       13 the parent's task id  14 the attempt that runs it  15 its turn and the call, as the head keeps them
       16 the parent's fact child.started as JSON
       17 the last fact of its log that the attempt has seen, as hasSeen takes it
       18 the root's turn  19 how many tasks a tree may begin  20.. blobs' values
  Returns 'started', 'cancelled' when the parent is to stop, 'full' when the tree has begun as many as it may,
  or 'fenced' when the attempt does not hold it or its log has lost what the attempt has seen.
  The same again is as once. ]]
-- @include record
-- @include seen
-- @include add-job
-- @include accept
local head, parent = KEYS[1], KEYS[8]
if redis.call('EXISTS', head) == 1 then return 'started' end
local has = redis.call('HMGET', parent, 'attempt', 'status', 'cancel', 'children', 'job')
if has[1] ~= ARGV[14] or has[2] ~= 'running' or not hasSeen(KEYS[9], ARGV[17]) then return 'fenced' end
if has[3] then return 'cancelled' end
local root, count = KEYS[19], 'children:' .. ARGV[18]
if tonumber(redis.call('HGET', root, count) or 0) >= tonumber(ARGV[19]) then return 'full' end

local now = clock(ARGV[1])
local at = string.format('%.0f', now)
keep(head, KEYS, 21, ARGV, 20)
redis.call('RPUSH', KEYS[2], recorded(1, at, ARGV[7]))
local latest = now + tonumber(ARGV[11])
local deadline = math.min(latest, tonumber(redis.call('ZSCORE', KEYS[4], deadlineOf(has[5])) or latest))
accept({ task = ARGV[2], head = head, outbox = KEYS[3], deadlines = KEYS[4], workspaceIndex = KEYS[6], agentIndex = KEYS[7],
  v = 1, ws = ARGV[3], agent = ARGV[4], request = ARGV[5], turn = 1, pos = 1, fact = 0, job = ARGV[6],
  bytes = #ARGV[7] + sizeOf(ARGV, 20, #ARGV), notes = ARGV[10], noted = 0, noteBytes = KEYS[20],
  keep = ARGV[12], told = ARGV[8], deadline = deadline },
  now, at, {})
redis.call('HSET', head, 'parent', ARGV[13] .. ' ' .. ARGV[15])
redis.call('HSET', parent, 'children', (has[4] or '') .. ' ' .. ARGV[2])
redis.call('HINCRBY', parent, 'bytes', #ARGV[16])
if redis.call('EXISTS', root) == 1 then redis.call('HINCRBY', root, count, 1) end
hint(KEYS[5], ARGV[13], record(parent, KEYS[9], now, ARGV[16]), 'fact')
addTurn({ unpack(KEYS, 10, 18) }, ARGV[9], at, ARGV[6], ARGV[2], 1)
return 'started'
