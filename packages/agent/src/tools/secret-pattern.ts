/** Below this many characters a secret is masked only where it stands alone: it may be a part of any word. */
const long = 8
/** Below this many, only where it is a whole value. */
const short = 4
/** Above this many, a pattern of single characters would be too large: only some usual forms are found. */
const huge = 1_000
/** A piece of a secret, between separators, that is long enough to be one itself. */
const piece = 12

/**
 * What finds secrets in a text, in one pass and as a server may repeat them: as they are, without the scheme word
 * before them, escaped for JSON, HTML or URLs, in hex, and in base64, also as a part of a longer value.
 * Undefined when there is nothing to find.
 */
export function secretPattern(secrets: Iterable<string>): RegExp | undefined {
  const parts = [...new Set([...secrets].flatMap(partsOf))]
  const patterns = parts.flatMap(patternsOf)
  if (patterns.length === 0) return undefined
  // The longest first, so that no shorter one leaves the rest of it.
  const sorted = patterns.toSorted((a, b) => b.length - a.length)
  return new RegExp(sorted.map(({ source }) => source).join('|'), 'g')
}

/** A secret, and what of it is a secret, too: `Bearer x` is given back as `x`. */
export function partsOf(secret: string): string[] {
  const whole = secret.trim()
  const [, rest] = /^[A-Za-z][\w.-]{0,31} +(\S.*)$/s.exec(whole) ?? []
  const credentials = /^Basic /i.test(whole) && rest !== undefined ? decoded(rest) : undefined
  const values = [whole, ...(rest === undefined ? [] : [rest])]
  if (credentials !== undefined) {
    values.push(credentials, credentials.slice(credentials.indexOf(':') + 1))
  }
  const pieces = (rest ?? whole).split(/[\s,;:="']+/).filter(({ length }) => length >= piece)
  return [secret, ...values, ...pieces].filter((each) => each !== '')
}

function decoded(base64: string): string | undefined {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  return /^[^\p{Cc}\uFFFD]+$/u.test(text) ? text : undefined
}

type Pattern = { length: number; source: string }

function patternsOf(part: string): Pattern[] {
  const { length } = part
  if (length < short) return []
  if (length > huge) return literalForms(part).map((form) => ({ length, source: quoted(form) }))
  const written = (part.match(/\\+|[^]/gu) ?? []).map(writtenCharacter).join('')
  if (length < long) {
    return [{ length, source: `(?<![A-Za-z0-9])${written}(?![A-Za-z0-9])` }]
  }
  return [written, hexForm(part), ...base64Forms(part)].map((source) => ({ length, source }))
}

/**
 * A character, as it is or escaped, and escaped twice where JSON stands in JSON. Every way has a fixed length, so
 * that no text makes the engine try many.
 */
function writtenCharacter(character: string): string {
  const { length } = character
  // A run of them is one: each is doubled, or none.
  if (character.startsWith('\\')) {
    return `(?:${[4, 2, 1].map((times) => `\\\\{${length * times}}`).join('|')}|(?:%5[cC]){${length}})`
  }
  const units = Array.from({ length }, (_, at) => character.charCodeAt(at))
  const unicode = units.map((unit) => `u${hexDigits(unit.toString(16).padStart(4, '0'))}`)
  const bytes = [...Buffer.from(character)]
  const percent = bytes.map((byte) => `%${hexDigits(byte.toString(16).padStart(2, '0'))}`)
  const code = character.codePointAt(0) ?? 0
  const ways = [
    quoted(character),
    percent.join(''),
    ...[1, 2].map((times) => unicode.map((unit) => backslashes(times) + unit).join('')),
    ...(/[\w ]/.test(character)
      ? []
      : [`&#(?:${code}|0${code}|[xX]${hexDigits(code.toString(16))});`]),
    ...(escapes[character] ?? []),
  ]
  return `(?:${ways.join('|')})`
}

function backslashes(times: number): string {
  return String.raw`\\`.repeat(times)
}

const escapes: Record<string, string[]> = {
  ' ': [String.raw`\+`],
  '"': [`${backslashes(3)}"`, `${backslashes(1)}"`, '&quot;'],
  "'": [`${backslashes(1)}'`, '&apos;'],
  '/': [`${backslashes(2)}/`, `${backslashes(1)}/`],
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '\n': [`${backslashes(2)}n`, `${backslashes(1)}n`],
  '\r': [`${backslashes(2)}r`, `${backslashes(1)}r`],
  '\t': [`${backslashes(2)}t`, `${backslashes(1)}t`],
}

function hexForm(part: string): string {
  return hexDigits(Buffer.from(part).toString('hex'))
}

/** In either case. */
function hexDigits(hex: string): string {
  return hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
}

/** As base64 has it behind 0, 1 or 2 bytes of a longer value; the characters that it shares with others belong to it. */
function base64Forms(part: string): string[] {
  const bytes = Buffer.from(part)
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const shared = before === 0 ? 0 : before + 1
    const certain = Math.floor(((before + bytes.length) * 8) / 6)
    const own = text.slice(shared, certain).replaceAll(/[+/]/g, (sign) => base64Signs[sign] ?? sign)
    const partial = certain < text.length ? `${any64}?` : ''
    return `${any64.repeat(shared)}${own}${partial}=*`
  })
}

const any64 = '[A-Za-z0-9+/_-]'
/** Of base64 and of base64url. */
const base64Signs: Record<string, string> = { '+': '[+-]', '/': '[/_]' }

function literalForms(text: string): string[] {
  const bytes = Buffer.from(text)
  const forms = [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text.toWellFormed()),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ]
  return [...new Set(forms)]
}

function quoted(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
