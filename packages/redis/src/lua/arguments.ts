import { toWellFormedJson } from '@longhaul/core'

/** How a value is passed to a script: the text that is sent, and the Lua expression that reads it. */
export type Kind<T> = {
  /** Absent when the value is sent unchanged. */
  send?: (value: T) => string | number
  /** `argument` is an expression such as `ARGV[3]`. */
  lua: (argument: string) => string
}

const asSent = (argument: string): string => argument
const asNumber = (argument: string): string => `tonumber(${argument})`

export const text: Kind<string> = { lua: asSent }

/** A number that the script calculates with. */
export const number: Kind<number> = { lua: asNumber }

/** A number that the script only compares with stored text or passes on. */
export const digits: Kind<number> = { lua: asSent }

/** `nil` in the script when it is absent. */
export const optionalNumber: Kind<number | undefined> = {
  send: (value) => value ?? '',
  lua: asNumber,
}

/** `''` in the script when it is absent. */
export const optionalDigits: Kind<number | undefined> = {
  send: (value) => value ?? '',
  lua: asSent,
}
export const optionalText: Kind<string | undefined> = { send: (value) => value ?? '', lua: asSent }

export const flag: Kind<boolean> = {
  send: (value) => (value ? '1' : ''),
  lua: (argument) => `${argument} == '1'`,
}

/**
 * Fields that few calls have, as a table in the script. Each argument costs every call, so a call without any of them
 * sends one empty text.
 */
export function options<T extends object>(): Kind<T | undefined> {
  return {
    send: (value) => (value === undefined ? '' : toWellFormedJson(value)),
    lua: (argument) => `${argument} ~= '' and cjson.decode(${argument}) or {}`,
  }
}

/** The time in tests, or `''` for Redis's time. */
export const clockText: Kind<number | ''> = { lua: asSent }

/**
 * A list of rows of any length, after the other inputs. The script reads it with `for key, value in name() do`, key
 * columns first. `nameCount` is the number of rows.
 */
export type Tail<V> = {
  keys: readonly string[]
  args: readonly string[]
  /** For the type only. */
  value?: V
}

export const keyList: Tail<string> = { keys: ['key'], args: [] }
export const textList: Tail<string> = { keys: [], args: ['text'] }

export function rows<const K extends string = never, const A extends string = never>(columns: {
  keys?: readonly K[]
  args?: readonly A[]
}): Tail<Record<K, string> & Record<A, string | number>> {
  return { keys: columns.keys ?? [], args: columns.args ?? [] }
}

/** Large values that a script stores beside the log. */
export const blobRows = rows({ keys: ['key'], args: ['value'] })
