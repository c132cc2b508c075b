import type { StoredKey } from './snapshot.ts'

/** Kinds that the version before also writes but that are not in the fixture, and kinds that are new in this version. */
export const written = [
  '{lh:s0}:answers zset',
  '{lh:s0}:backlog:<workspace>: zset',
  '{lh:s0}:ring zset',
  '{lh:s0}:returned zset',
  '{lh:s0}:running:<workspace> set',
  '{lh:s0}:scheduler hash',
  '{lh:s0}:uncounted list',
  '{lh:s0}:usage:<bucket> hash',
  '{lh:s0}:task:<id> bytes-counted',
  '{lh:s0}:task:<id> own',
  '{lh:s0}:task:<id> rank',
  '{lh:s0}:task:<id> since',
  '{lh:s0}:task:<id> waits',
  '{lh:s0}:task:<id> words',
  '{lh:s0}:tickets:active list',
  '{lh:s0}:tickets:events stream',
  '{lh:s0}:tickets:id string',
  '{lh:s0}:tickets:marker zset',
  '{lh:s0}:tickets:meta hash',
  '{lh:s0}:tickets:stalled set',
  '{lh:s0}:tickets:stalled-check string',
  '{lh:s0}:tickets:wait list',
  '{lh:s0}:tickets:<number> hash',
  '{lh:s0}:tickets:<number>:lock string',
  '{lh:s0}:workspace:<workspace> hash',
  '{lh:s0}:workspaces set',
  '{lh:s0}:notes hash',
  '{lh:s0}:purger string',
  '{lh:s0}:queue:delayed zset',
  '{lh:webhooks}:deliveries:meta hash',
  '{lh:webhooks}:deliveries:stalled-check string',
  '{lh:webhooks}:swept-endpoints string',
  '{lh:streams}:<id> hash',
  '{lh:streams}:processes zset',
  '{lh:s0}:queue:stalled set',
  '{lh:s0}:task:<id> died',
  '{lh:s0}:task:<id> lost',
]

/** The kinds of keys and of the fields of heads: their names without ids and hashes. */
export function kindsOf(keys: StoredKey[]): Set<string> {
  return new Set(
    keys.flatMap((stored) => {
      const kind = plain(stored.key)
      if (stored.type !== 'hash' || !kind.endsWith(':task:<id>')) return [`${kind} ${stored.type}`]
      return stored.value.map(([field]) => `${kind} ${plain(field)}`)
    }),
  )
}

function plain(name: string): string {
  return name
    .replaceAll(/[0-9a-f]{64}/g, '<hash>')
    .replaceAll(/[0-9A-HJKMNP-TV-Z]{26}(?:\d{4}\.\d+)?/g, '<id>')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, '<id>')
    .replace(/(?<=:(?:backlog|running|workspace):)[\w-]+/, '<workspace>')
    .replace(/(?<=:usage:).*/s, '<bucket>')
    .replace(/(?<=:tickets:)\d+/, '<number>')
    .replace(/^r:.*/s, 'r:<id>')
    .replace(/(?<=by-label:).*/s, '<label>')
    .replace(/(?<=children:)\d+/, '<turn>')
}
