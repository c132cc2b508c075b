--[[ Takes a turn, of a new task or the next one of a task whose latest turn has ended, and enqueues it.
  KEYS 1 head  2 log  3 deltas  4 outbox  5 wake  6 index of the workspace  7 index of the agent
       8 deadlines  9 forget  10 failed  11 to 19 the queue's, as BullMQ's addStandardJob wants them
       20 bytes of notes, by workspace  21.. indexes of the labels, then blobs
  ARGV 1 now or ''  2 task id  3 workspace  4 agent id  5 request id  6 turn that the caller saw last, 0 for none
       7 job id  8 the fact turn.started as JSON  9 what the head tells of the turn, as JSON
       10 what the names of the queue's keys begin with  11 the caller's notes as JSON or ''
       12 ms until the turn must have ended  13 ms that the task is kept after its end
       14 how many facts a task with room for a turn has less than, and 15 bytes, those of this turn included
       16 how many labels  17 how many bytes of notes the workspace may have  18.. blobs' values
  Returns { 'accepted' | 'replay', turn, at, pos, number of the fact from 0 }, { 'conflict' }, { 'full', 'facts' | 'bytes' | 'notes' } or { 'not_found' }.
  A repeat, known by its request id, finds its own turn. ]]
-- @include record
-- @include add-job
-- @include accept
local head, log, deltas, outbox, wake = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local task, workspace, agent, request, after = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])

local has = redis.call('HMGET', head, 'ws', 'agent', 'status', 'turn', 'r:' .. request, 'bytes', 'v', 'noted')
if has[3] == 'forgotten' then return { 'not_found' } end
if has[1] then
  if has[1] ~= workspace or has[2] ~= agent then return { 'not_found' } end
  if has[5] then
    local turn, at, pos, fact = string.match(has[5], '^(%d+) (%d+) (%d+) (%d+)$')
    return { 'replay', turn, at, pos, fact }
  end
  local ended = has[3] == 'completed' or has[3] == 'failed' or has[3] == 'cancelled'
  if not ended or tonumber(has[4]) ~= after then return { 'conflict' } end
  if redis.call('LLEN', log) >= tonumber(ARGV[14]) then return { 'full', 'facts' } end
  if tonumber(has[6]) + #ARGV[8] + sizeOf(ARGV, 18, #ARGV) >= tonumber(ARGV[15]) then return { 'full', 'bytes' } end
elseif after > 0 then
  return { 'not_found' }
end
local noted = tonumber(has[8] or 0)
local more = countedNotes(ARGV[11]) - noted
if more > 0 and (redis.call('HGET', KEYS[20], workspace) or 0) + more > tonumber(ARGV[17]) then
  return { 'full', 'notes' }
end

local now, turn, labels = clock(ARGV[1]), after + 1, tonumber(ARGV[16])
-- Once, since every command would turn the number into a text again.
local at = string.format('%.0f', now)
-- First what a full Redis refuses: after a first write that frees memory it would take all the rest.
keep(head, KEYS, 21 + labels, ARGV, 18)
local pos, length = 1, 1
-- A new task's first number need not be counted.
if after == 0 then
  redis.call('RPUSH', log, recorded(pos, at, ARGV[8]))
else
  pos, length = record(head, log, at, ARGV[8])
  redis.call('HDEL', head, 'result', 'cancel', 'attempt', 'by', 'deaths', 'lost', 'parent', 'children')
  redis.call('PERSIST', deltas)
  redis.call('ZREM', KEYS[9], task)
  redis.call('ZREM', KEYS[10], task)
end
accept({ task = task, head = head, outbox = outbox, deadlines = KEYS[8], workspaceIndex = KEYS[6], agentIndex = KEYS[7],
  -- A newer version may have written the head before: that stays true.
  v = has[7] or 1, ws = workspace, agent = agent, request = request, turn = turn, pos = pos, fact = length - 1,
  job = ARGV[7], bytes = (has[6] or 0) + #ARGV[8] + sizeOf(ARGV, 18, #ARGV), notes = ARGV[11], noted = noted, noteBytes = KEYS[20], keep = ARGV[13],
  told = ARGV[9], deadline = now + tonumber(ARGV[12]) }, now, at, { unpack(KEYS, 21, 20 + labels) })
-- Nobody watches a task that nobody knows yet.
if after > 0 then hint(wake, task, pos, 'fact') end
addTurn({ unpack(KEYS, 11, 19) }, ARGV[10], at, ARGV[7], task, turn)
return { 'accepted', turn, at, pos, length - 1 }
