import { errors } from './errors.ts'
import { numbersOf, type Architecture } from './numbers.ts'
import type { Rule } from './rules.ts'

/**
 * Assembles a seccomp filter: a program of classic BPF, in the form that seccomp(2) and `bwrap --seccomp` take. It ends
 * a process that enters the kernel as another architecture, and denies what the rules name. A call that is newer than
 * the table of numbers answers ENOSYS: there is no decision on it yet.
 */
export function assembleFilter(rules: readonly Rule[], architecture: Architecture): Buffer {
  const { audit, last, numbers } = numbersOf(architecture)
  const blocks = rules.flatMap((rule) =>
    rule.calls.flatMap((name) => {
      const number = numbers[name]
      // An architecture does not have every call.
      return number === undefined ? [] : [denialOf(number, rule)]
    }),
  )
  const program = [
    load(field.architecture),
    jump(op.equal, audit, { yes: 1, no: 0 }),
    answer(verdict.kill),
    load(field.number),
    // The numbers of x32 lie above, too: they have the bit 30.
    jump(op.greater, last, { yes: 0, no: 1 }),
    answer(verdict.error | errors.ENOSYS),
    ...blocks.flat(),
    answer(verdict.allow),
  ]
  return Buffer.concat(program.map(encode))
}

/** The fields of `struct sock_filter`. */
type Instruction = { code: number; yes: number; no: number; value: number }

/** Offsets in `struct seccomp_data`. */
const field = { number: 0, architecture: 4, argument: (index: number) => 16 + 8 * index }

/** Sums of classes, sizes and modes from linux/bpf_common.h. */
const op = {
  load: 0x20,
  and: 0x54,
  equal: 0x15,
  greater: 0x25,
  anyBit: 0x45,
  answer: 0x06,
} as const

/** From linux/seccomp.h. */
const verdict = { kill: 0x80_00_00_00, error: 0x00_05_00_00, allow: 0x7f_ff_00_00 } as const

/** Denies a call. Continues with the next block when the call is a different one. */
function denialOf(number: number, { error, only }: Rule): Instruction[] {
  const deny = answer(verdict.error | errors[error])
  const body = only === undefined ? [deny] : [...denialWhere(only, deny)]
  return [jump(op.equal, number, { yes: 0, no: body.length }), ...body]
}

/** The kernel reads 32 bits of each of these arguments. On both architectures these are the first four bytes. */
function denialWhere(only: NonNullable<Rule['only']>, deny: Instruction): Instruction[] {
  const argument = load(field.argument(only.argument))
  const allow = answer(verdict.allow)
  if ('anyBit' in only) {
    return [argument, jump(op.anyBit, only.anyBit, { yes: 0, no: 1 }), deny, allow]
  }
  if ('allBits' in only) {
    const mask = { code: op.and, yes: 0, no: 0, value: only.allBits }
    return [argument, mask, jump(op.equal, only.allBits, { yes: 0, no: 1 }), deny, allow]
  }
  const [values, match, otherwise] =
    'oneOf' in only ? [only.oneOf, deny, allow] : [only.noneOf, allow, deny]
  const toMatch = (at: number) => ({ yes: values.length - at, no: 0 })
  const matches = values.map((value, at) => jump(op.equal, value, toMatch(at)))
  return [argument, ...matches, otherwise, match]
}

function load(offset: number): Instruction {
  return { code: op.load, yes: 0, no: 0, value: offset }
}

/** `yes` and `no` are the numbers of instructions to skip. */
function jump(code: number, value: number, { yes, no }: { yes: number; no: number }): Instruction {
  return { code, yes, no, value }
}

function answer(value: number): Instruction {
  return { code: op.answer, yes: 0, no: 0, value }
}

function encode({ code, yes, no, value }: Instruction): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt8(yes, 2)
  bytes.writeUInt8(no, 3)
  bytes.writeUInt32LE(value, 4)
  return bytes
}
