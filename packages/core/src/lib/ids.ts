/** Crockford's base 32, the alphabet of ULIDs. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The index of the first random character of a ULID, after ten characters of time. */
const shardPlace = 10

export const maxShards = alphabet.length

/** Writes the number of a task's shard into the task's new ULID. */
export function taskIdInShard(ulid: string, shard: number): string {
  return ulid.slice(0, shardPlace) + alphabet.charAt(shard) + ulid.slice(shardPlace + 1)
}

/** The shard that a task's id names, 0 to 31. */
export function shardOf(taskId: string): number {
  return alphabet.indexOf(taskId.charAt(shardPlace))
}

/** The prefix of ULIDs made at a time, in epoch milliseconds. ULIDs made later sort after it. */
export function ulidsFrom(ms: number): string {
  let left = Math.min(Math.max(Math.trunc(ms), 0), 2 ** 48 - 1)
  let text = ''
  for (let place = 0; place < shardPlace; place += 1) {
    text = alphabet.charAt(left % 32) + text
    left = Math.floor(left / 32)
  }
  return text
}

/** When a ULID was made, epoch milliseconds. */
export function timeOf(ulid: string): number {
  return numberIn(ulid.slice(0, shardPlace))
}

/** A number from the last characters of a ULID, which are random, and ascend for ULIDs of one millisecond. */
export function randomOf(ulid: string): number {
  return numberIn(ulid.slice(-6))
}

function numberIn(characters: string): number {
  let number = 0
  for (const sign of characters) number = number * 32 + alphabet.indexOf(sign)
  return number
}

export function isUlid(text: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text)
}

/** `resp_<task ulid><turn, 4 digits or more>`: task, turn and shard can be read from it without an index. */
export function responseId(taskId: string, turn: number): string {
  return `resp_${taskId}${String(turn).padStart(4, '0')}`
}

/** The task and the turn that a response id names; undefined when the text is not a response id. */
export function parseResponseId(id: string): { taskId: string; turn: number } | undefined {
  const match = /^resp_([0-9A-Z]{26})(\d{4,9})$/.exec(id)
  const taskId = match?.[1]
  if (taskId === undefined || !isUlid(taskId)) return undefined
  return { taskId, turn: Number(match?.[2]) }
}

/** An item of a response: of its `output`, or of the input of its request. `index` is its index there. */
export type ItemRef = { taskId: string; turn: number; side: 'input' | 'output'; index: number }

/** `<prefix>_<task ulid>_<turn>_<index>`. The index of an item of the input begins with `i`. At most 64 characters. */
export function itemId(prefix: string, { taskId, turn, side, index }: ItemRef): string {
  return `${prefix}_${taskId}_${turn}_${side === 'input' ? 'i' : ''}${index}`
}

/** The item that an id names; undefined when the text is not an item id. */
export function parseItemId(id: string): ItemRef | undefined {
  const match = /^[a-z]{2,12}_([0-9A-Z]{26})_([1-9]\d{0,8})_(i?)(0|[1-9]\d{0,8})$/.exec(id)
  const [, taskId, turn, input, index] = match ?? []
  if (taskId === undefined || !isUlid(taskId)) return undefined
  const side = input === 'i' ? 'input' : 'output'
  return { taskId, turn: Number(turn), side, index: Number(index) }
}

/** The name of a turn in the sets of its shard. In earlier versions a turn had several queue jobs, which were numbered. */
export function jobId(taskId: string, turn: number): string {
  return `${responseId(taskId, turn)}.1`
}

/** The key by which a vendor may recognise a repeated model call. It is the same for every repetition of the step. */
export function stepKey(taskId: string, turn: number, step: number): string {
  return `${responseId(taskId, turn)}.${step}`
}
