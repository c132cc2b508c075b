import { keyIdOf, open, seal } from './seal.ts'

/** Seals and opens secrets with the deployment's one key, if it has one. */
export type Vault = {
  /** Whether there is a key. */
  available: boolean
  /** The id of the key, which every sealed secret carries. It reveals nothing about the key. */
  keyId: string | undefined
  /** `context` names the owner of the secret, such as its workspace and tool. The same context is needed to open it. */
  seal: (text: string, context: string) => string
  open: (sealed: string, context: string) => string
}

/** `key` is the 32 bytes of LONGHAUL_SECRET_KEY. */
export function createVault(key: Uint8Array | undefined): Vault {
  const needed = () => {
    if (key !== undefined) return key
    const cause = new Error('LONGHAUL_SECRET_KEY is not set')
    throw new Error('no secret can be kept or read here: ask whoever operates this server', {
      cause,
    })
  }
  return {
    available: key !== undefined,
    keyId: key && keyIdOf(key),
    seal: (text, context) => seal(text, { key: needed(), context }),
    open: (sealed, context) => open(sealed, { key: needed(), context }),
  }
}
