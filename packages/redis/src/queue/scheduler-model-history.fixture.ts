import {
  type Claimed,
  limits,
  modelClassOf,
  type ModelRates,
  type NextReply,
  priorityDelay,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { createAdminStore } from '../admin/admin-store.ts'
import { shardKeys } from '../connection/keys.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { submission } from '../lifecycle/submission.fixture.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'
import { keyHash } from './key-hash.ts'
import { createSchedulerModel } from './scheduler-model.fixture.ts'
import type { ModelTurn } from './scheduler-model-ring.fixture.ts'
import type { Scope } from './scheduler-model-snapshot.fixture.ts'
import {
  fairnessKeys,
  models,
  names,
  type Size,
  type SlotStep,
  slots,
  type Step,
} from './scheduler-model-steps.fixture.ts'
import { endOf, idOf, lockMs, nextAttempt } from './claims.fixture.ts'
import { snapshotOf } from './snapshot.fixture.ts'

/** A difference in the state stays, so the state is not compared after each step. */
const checkEvery = 4
/** From so many returned turns on, a claim may not examine all of them. */
const manyReturned = 5
/** A claim that examines only closed lanes finds nothing. It has taken those lanes away. */
const emptyClaims = 3

const hashes = fairnessKeys.map(keyHash)
const operatorRates: ModelRates = {
  'busy/*': { requestsPerMinute: 60 },
  'slow/*': { requestsPerMinute: 60 },
}
const classNames = models.map(
  (model) => modelClassOf(model, 'w', { operator: operatorRates, workspace: {} }) ?? '',
)
const classes = classNames.map(keyHash)

/** Plays the steps in Redis and in the model, and compares what they return and what they leave. */
export async function play(redis: Redis, size: Size, steps: readonly Step[]): Promise<void> {
  const history = startHistory(redis, size)
  try {
    for (const [at, step] of steps.entries()) {
      try {
        await history.perform(step)
        const isChecked = at % checkEvery === 0 || at === steps.length - 1
        if (isChecked) await history.check()
      } catch (error) {
        throw new Error(`step ${at} (${JSON.stringify(step)}): ${String(error)}`, { cause: error })
      }
    }
  } finally {
    history.close()
  }
}

function oneOf<T>(all: readonly T[], number: number): T | undefined {
  return all[number % Math.max(1, all.length)]
}

function differences(found: string, expected: string): string {
  const wanted = expected.split('\n')
  return found
    .split('\n')
    .map((line, at) => (line === wanted[at] ? line : `${line} BUT SHOULD HAVE ${wanted[at]}`))
    .join('\n')
}

function startHistory(redis: Redis, size: Size) {
  // Commands of a connection are in order.
  void redis.flushdb()
  const keys = shardKeys(0)
  const time = { now: 1_000_000 }
  const clock = () => time.now
  let waiting = 0
  let isOver = false
  const tickets = {
    async add() {
      if (isOver) return
      waiting += 1
      await redis.lpush(keys.tickets, 't')
    },
  }
  const store = createTaskStore(redis, { tickets, worker: 'w', clock, operatorRates })
  const maintenance = createMaintenance(redis, { tickets, worker: 'w', clock })
  const admin = createAdminStore(redis, { tickets, clock })
  const model = createSchedulerModel()

  const running = new Map<string, { claim: Claimed; turn: ModelTurn }>()
  const tasks: string[] = []
  const scope: Scope = {
    names: names.slice(0, size.workspaces),
    keys: hashes.slice(0, size.keys),
    classes: size.hasClasses ? classes.slice(1) : [],
  }
  const slotsOfRun = slots.slice(0, size.slots)
  const workspaceOf = (number: number) => names[number % size.workspaces] ?? ''
  /** Whether tickets were lost, or time has passed, since the last pass of a reconciler. */
  let mayLack = false
  let emptyInARow = 0

  async function perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'submit':
        return await submit(step)
      case 'take': {
        const idle = slotsOfRun.filter((name) => !running.has(name))
        const name = oneOf(idle, step.slot)
        if (name === undefined || waiting === 0) return
        waiting -= 1
        void redis.rpop(keys.tickets)
        const claim = { shard: 0, slot: name, attempt: nextAttempt(), lockMs }
        const reply = await store.claimNext(claim)
        await started(name, reply)
        if (!step.again || reply.outcome !== 'claimed') return
        // A reply that was lost is asked for again.
        const again = await store.claimNext(claim)
        if (JSON.stringify(again) !== JSON.stringify(reply))
          throw new Error('the same claim got another turn')
        return
      }
      case 'end':
      case 'park':
        return await decide(step, step.do === 'end')
      case 'release':
      case 'close':
        return await giveBack(step, step.do === 'close')
      case 'cancel': {
        const taskId = oneOf(tasks, step.task)
        if (taskId === undefined) return
        await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })
        ended(model.turn(taskId))
        return
      }
      case 'move start': {
        const taskId = oneOf(tasks, step.task)
        if (taskId === undefined) return
        const moved = await store.moveStart({ taskId, turn: 1 }, { startInMs: step.ms })
        const expected = model.moveStart(model.turn(taskId), time.now, step.ms)
        if (moved !== expected) throw new Error(`the move was ${moved}, expected ${expected}`)
        return
      }
      case 'limits': {
        const name = workspaceOf(step.workspace)
        await admin.setLimits(0, name, step.limits)
        model.limit(name, step.limits)
        return
      }
      case 'pause':
        await admin.pause(0, step.paused)
        model.pause(step.paused)
        return
      case 'lose tickets':
        waiting = 0
        await redis.del(keys.tickets)
        mayLack = true
        return
      case 'spare ticket':
        await tickets.add()
        return
      case 'expire':
        return await expire()
      case 'reconcile':
        return await reconcile()
      case 'wait':
        time.now += step.ms
        mayLack = true
        await maintenance.workerAlive(0, 'w')
    }
  }

  async function submit(step: Step & { do: 'submit' }): Promise<void> {
    const taskId = idOf(tasks.length + 1)
    const { priority, deadline: deadlineMs, start: startInMs } = step
    const name = workspaceOf(step.workspace)
    const key = fairnessKeys[step.key % size.keys] ?? ''
    const at = size.hasClasses ? step.model : 0
    // An expired turn that a claim finds leaves its lane, and with classes the order of lanes is open.
    const expiresInMs = size.hasClasses ? undefined : step.expires
    const turn = submission({
      taskId,
      workspace: name,
      requestId: taskId,
      priority,
      deadlineMs,
      startInMs,
      expiresInMs,
      ...(key !== '' && { fairnessKey: key }),
    })
    await store.submit({ ...turn, started: { ...turn.started, model: models[at] ?? '' } })
    const delay = priorityDelay(priority, limits.priorityAgeing)
    const modelClass = classes[at] ?? ''
    const times = { delay, deadlineMs, startInMs, expiresInMs }
    model.submit(taskId, time.now, { workspace: name, key, modelClass, ...times })
    tasks.push(taskId)
  }

  function held(number: number) {
    const [name, of] = oneOf([...running], number) ?? []
    if (name === undefined || of === undefined) return undefined
    running.delete(name)
    const { taskId, turn, attempt } = of.claim
    return { name, ...of, ref: { taskId, turn, attempt } }
  }

  async function decide(step: SlotStep, ends: boolean): Promise<void> {
    const slot = held(step.slot)
    if (slot === undefined) return
    const { name, claim, turn, ref } = slot
    const { now } = time
    const next = step.next ? { shard: 0, slot: name, attempt: nextAttempt(), lockMs } : undefined
    const until = now + step.ms
    const decision = ends
      ? endOf(claim)
      : {
          ...ref,
          ordinal: 1,
          facts: [{ type: 'turn.parked', until } as const],
          park: { folded: claim.length, until },
        }
    const reply = await store.append({ ...decision, next })
    if (reply.outcome !== 'ok') throw new Error(`the decision was ${reply.outcome}`)
    if (ends) model.end(turn, now)
    else model.park(turn, now, until)
    if (reply.next !== undefined) await started(name, reply.next)
    else if (next !== undefined) throw new Error('the end claimed nothing')
  }

  /** Releases a turn, or closes the class of its model, so that it waits until the class opens. */
  async function giveBack(step: SlotStep, closes: boolean): Promise<void> {
    const slot = held(step.slot)
    if (slot === undefined) return
    const { turn, ref } = slot
    const until = time.now + step.ms
    const at = classes.indexOf(turn.modelClass)
    if (!closes || at <= 0) {
      await store.release(ref, undefined, step.ms)
      model.release(turn, time.now, until)
      return
    }
    const bucket = `${models[at]?.split('/')[0]}/*`
    const wait = { kind: 'model_requests', until, bucket, of: 'operator' } as const
    const { released } = await store.closeClass(ref, classNames[at] ?? '', wait)
    if (!released) throw new Error('the turn was not released')
    model.closeClass(turn, time.now, until)
  }

  async function expire(): Promise<void> {
    time.now += lockMs
    mayLack = true
    // The workers are alive, so no crash is counted.
    await maintenance.workerAlive(0, 'w')
    await maintenance.expireLeases(0, 100)
    for (const turn of model.expired(time.now)) {
      model.release(turn, time.now, time.now)
      forget(turn)
    }
  }

  async function reconcile(): Promise<void> {
    const { now } = time
    if (!size.hasClasses) {
      const { failures } = await maintenance.serveExpiries(0, 1_000)
      if (failures.length > 0) throw failures[0]
      for (const turn of model.tooLate(now)) ended(turn)
    }
    const served = await maintenance.serveDeadlines(0, 1_000)
    if (served.failures.length > 0) throw served.failures[0]
    for (const { turn, what } of model.due(now)) {
      if (what === 'end') ended(turn)
      else if (turn.status === 'parked') model.resume(turn)
    }
    const { queued } = await maintenance.queueDue(0, 500)
    if (queued !== model.queueDue(now, 500)) throw new Error(`${queued} starts were queued`)
    if ((await maintenance.checkWorkspaces(0, 100)) > 0) throw new Error('counts have drifted')
    model.compare()
    const found = await maintenance.findWork(0)
    if (found.isStartable && found.waiting === 0) await tickets.add()
    mayLack = false
  }

  /** Compares a claim with the model. */
  async function started(name: string, reply: NextReply): Promise<void> {
    const claimed = reply.outcome === 'claimed' ? reply.taskId : undefined
    if (claimed === undefined && reply.outcome !== 'none')
      throw new Error(`the claim was ${reply.outcome}`)
    let turn: ModelTurn | undefined
    if (size.hasClasses) {
      await permitted(claimed)
      turn = claimed === undefined ? undefined : model.turn(claimed)
    } else {
      turn = model.claim(time.now, lockMs)
      if (claimed !== turn?.taskId)
        throw new Error(`claimed ${claimed ?? 'none'}, expected ${turn?.taskId ?? 'none'}`)
    }
    if (reply.outcome === 'claimed' && turn !== undefined) running.set(name, { claim: reply, turn })
  }

  async function permitted(claimed: string | undefined): Promise<void> {
    const { now } = time
    const isMany = model.returnedBy(now) >= manyReturned
    const returned = new Set(isMany ? await redis.zrange(keys.returned, '0', '-1') : [])
    const fault = model.faultOf(claimed, now, { lockMs, returned })
    if (fault !== undefined) throw new Error(`claimed ${claimed ?? 'none'}: ${fault}`)
    emptyInARow = claimed === undefined && model.hasWork(now) ? emptyInARow + 1 : 0
    if (emptyInARow > emptyClaims) throw new Error('claims find nothing although a turn may start')
  }

  function ended(turn: ModelTurn | undefined): void {
    if (turn === undefined || turn.status === 'ended') return
    model.end(turn, time.now)
    forget(turn)
  }

  /** The slot of a turn has lost it. */
  function forget(turn: ModelTurn): void {
    for (const [name, of] of running) if (of.turn === turn) running.delete(name)
  }

  async function check(): Promise<void> {
    // A ticket for a later start may be added while the reply is on its way.
    const expectedTickets = waiting
    const found = await snapshotOf(redis, scope)
    const expected = model.snapshot(scope)
    if (found.state !== expected)
      throw new Error(`Redis has other than expected\n${differences(found.state, expected)}`)
    if (found.waiting !== expectedTickets)
      throw new Error(`${found.waiting} tickets wait, expected ${expectedTickets}`)
    const isIdle = running.size < size.slots
    if (isIdle && !mayLack && expectedTickets === 0 && model.hasWork(time.now))
      throw new Error('work without a ticket')
  }

  return {
    perform,
    check,
    close() {
      isOver = true
    },
  }
}
