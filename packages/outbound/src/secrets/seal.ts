import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'

const version = 'lh1'
const algorithm = 'aes-256-gcm'
const sizes = { keyId: 6, iv: 12, tag: 16 }

/**
 * Encrypts a secret as `lh1.<key id>.<iv>.<ciphertext and tag>`. The context names the owner of the sealed text, which
 * opens only with the same context.
 */
export function seal(text: string, { key, context }: { key: Uint8Array; context: string }): string {
  const iv = randomBytes(sizes.iv)
  const header = `${version}.${keyIdOf(key)}`
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: sizes.tag })
  cipher.setAAD(Buffer.from(`${header}.${context}`))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${header}.${iv.toString('base64url')}.${sealed.toString('base64url')}`
}

/** Decrypts a secret. Throws when the text was sealed with another key or for another context, or was changed since. */
export function open(text: string, { key, context }: { key: Uint8Array; context: string }): string {
  const { keyId, iv, sealed } = parse(text)
  if (keyId !== keyIdOf(key)) {
    const cause = new Error(`its key has the id ${keyId}, LONGHAUL_SECRET_KEY has ${keyIdOf(key)}`)
    throw new Error('the secret was sealed with another key: store it again', { cause })
  }
  const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: sizes.tag })
  decipher.setAAD(Buffer.from(`${version}.${keyId}.${context}`))
  decipher.setAuthTag(sealed.subarray(-sizes.tag))
  const secret = decipher.update(sealed.subarray(0, -sizes.tag))
  try {
    return Buffer.concat([secret, decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new Error('the sealed secret was changed, or belongs to another place', { cause })
  }
}

function parse(text: string): { keyId: string; iv: Buffer; sealed: Buffer } {
  const [name, keyId = '', iv = '', sealed = '', ...more] = text.split('.')
  const parts = {
    keyId,
    iv: Buffer.from(iv, 'base64url'),
    sealed: Buffer.from(sealed, 'base64url'),
  }
  const complete = parts.iv.length === sizes.iv && parts.sealed.length >= sizes.tag
  // Node's decoder of base64url is tolerant, so one sealed text would have several spellings.
  const exact =
    parts.iv.toString('base64url') === iv && parts.sealed.toString('base64url') === sealed
  if (name !== version || more.length > 0 || !/^[\w-]{8}$/.test(keyId) || !complete || !exact) {
    throw new Error(`the sealed secret is not of the form ${version}.<key id>.<iv>.<ciphertext>`)
  }
  return parts
}

/** Identifies a key without revealing anything about it. */
export function keyIdOf(key: Uint8Array): string {
  return hash('sha256', key, 'buffer').subarray(0, sizes.keyId).toString('base64url')
}
