import { describe, expect, test } from 'vitest'
import { assembleFilter } from './filter.ts'
import { type Architecture, numbersOf } from './numbers.ts'
import { rules } from './rules.ts'

const allowed = 0x7f_ff_00_00
const killed = 0x80_00_00_00
const denied = (errno: number) => 0x00_05_00_00 + errno
const EPERM = 1
const ENOSYS = 38
const ENETUNREACH = 101

const audit = { x64: 0xc0_00_00_3e, arm64: 0xc0_00_00_b7, i386: 0x40_00_00_03, arm: 0x40_00_00_28 }

/** The kernel's verdict: runs the program on one call. */
function answerOf(
  filter: Buffer,
  { number, arch, args = [] }: { number: number; arch: number; args?: number[] },
): number {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(number, 0)
  data.writeUInt32LE(arch, 4)
  for (const [at, argument] of args.entries()) data.writeBigUInt64LE(BigInt(argument), 16 + 8 * at)
  let accumulator = 0
  for (let at = 0; ; at += 1) {
    const code = filter.readUInt16LE(8 * at)
    const value = filter.readUInt32LE(8 * at + 4)
    const skip = (isTrue: boolean) => (at += filter.readUInt8(8 * at + (isTrue ? 2 : 3)))
    if (code === 0x20) accumulator = data.readUInt32LE(value)
    else if (code === 0x54) accumulator = (accumulator & value) >>> 0
    else if (code === 0x15) skip(accumulator === value)
    else if (code === 0x25) skip(accumulator > value)
    else if (code === 0x45) skip((accumulator & value) !== 0)
    else if (code === 0x06) return value
    else throw new Error(`no such instruction: ${code}`)
  }
}

describe.for<Architecture>(['x64', 'arm64'])('the filter of %s', (architecture) => {
  const filter = assembleFilter(rules, architecture)
  const arch = audit[architecture]
  const { numbers } = numbersOf(architecture)
  const named = Object.entries(numbers)
  const ask = (number: number | undefined, ...args: number[]) =>
    answerOf(filter, { number: number ?? Number.NaN, arch, args })

  test('denies every call of a rule without a condition, and allows every other one', () => {
    const always = rules.filter(({ only }) => only === undefined)
    const errnoOf = new Map(
      always.flatMap(({ calls, error }) =>
        calls.map((name) => [numbers[name], error === 'ENOSYS' ? ENOSYS : EPERM]),
      ),
    )
    for (let number = 0; number <= 450; number += 1) {
      // Calls that are decided by their arguments are allowed with these: a private mapping, a socket of this machine.
      const args = [named.some(([name, of]) => of === number && name.startsWith('socket')) ? 1 : 0]
      const errno = errnoOf.get(number)
      expect([number, ask(number, ...args)]).toEqual([
        number,
        errno === undefined ? allowed : denied(errno),
      ])
    }
  })

  test('answers that a newer call does not exist', () => {
    for (const number of [451, 467, 1_000, 0x3f_ff_ff_ff, 0xff_ff_ff_ff])
      expect(ask(number)).toBe(denied(ENOSYS))
  })

  test('kills a process that enters the kernel as another architecture', () => {
    for (const other of Object.values(audit).filter((value) => value !== arch)) {
      expect(answerOf(filter, { number: 0, arch: other })).toBe(killed)
      expect(answerOf(filter, { number: 250, arch: other })).toBe(killed)
    }
  })

  test('denies clone that makes a namespace, with any other flags', () => {
    const thread = 0x3d_0f_00
    for (const namespace of [0x02_00_00, ...[25, 26, 27, 28, 29, 30].map((bit) => 2 ** bit)]) {
      expect(ask(numbers.clone, namespace)).toBe(denied(EPERM))
      expect(ask(numbers.clone, namespace + thread - (namespace & thread))).toBe(denied(EPERM))
    }
    expect(ask(numbers.clone, thread)).toBe(allowed)
    expect(ask(numbers.clone, 17)).toBe(allowed)
  })

  test('denies shared mappings without a file', () => {
    const [shared, isPrivate, anonymous] = [0x01, 0x02, 0x20]
    expect(ask(numbers.mmap, 0, 4_096, 3, shared + anonymous)).toBe(denied(EPERM))
    expect(ask(numbers.mmap, 0, 4_096, 3, shared + anonymous + 0x4_00_00)).toBe(denied(EPERM))
    expect(ask(numbers.mmap, 0, 4_096, 3, isPrivate + anonymous)).toBe(allowed)
    expect(ask(numbers.mmap, 0, 4_096, 3, shared)).toBe(allowed)
  })

  test('allows only sockets of this machine', () => {
    for (const call of [numbers.socket, numbers.socketpair]) {
      expect(ask(call, 1)).toBe(allowed)
      for (const family of [0, 2, 10, 16, 17, 38, 40]) {
        expect(ask(call, family)).toBe(denied(ENETUNREACH))
      }
    }
  })

  test('denies larger buffers of sockets', () => {
    for (const option of [7, 32]) expect(ask(numbers.setsockopt, 3, 1, option)).toBe(denied(EPERM))
    for (const option of [0, 2, 8, 31]) expect(ask(numbers.setsockopt, 3, 1, option)).toBe(allowed)
  })

  test('denies a personality that is not the usual one', () => {
    expect(ask(numbers.personality, 0)).toBe(allowed)
    expect(ask(numbers.personality, 0xff_ff_ff_ff)).toBe(allowed)
    for (const other of [8, 0x02_00_00, 0x04_00_00]) {
      expect(ask(numbers.personality, other)).toBe(denied(EPERM))
    }
  })
})

test('calls of x32 do not exist', () => {
  const filter = assembleFilter(rules, 'x64')
  for (const number of [0, 250, 425, 547]) {
    const x32 = { number: 0x40_00_00_00 + number, arch: audit.x64 }
    expect(answerOf(filter, x32)).toBe(denied(ENOSYS))
  }
})

test('each call has exactly one rule', () => {
  const calls = rules.flatMap((rule) => rule.calls)
  expect(new Set(calls).size).toBe(calls.length)
  expect(new Set(calls)).toEqual(new Set(Object.keys(numbersOf('x64').numbers)))
})
