import type { Attack } from './attack.ts'
import { backlog } from './attacks/backlog.ts'
import { codeSlots } from './attacks/code-slots.ts'
import { connections } from './attacks/connections.ts'
import { deleted } from './attacks/deleted.ts'
import { fanOut } from './attacks/fan-out.ts'
import { forks } from './attacks/forks.ts'
import { fullRedis } from './attacks/full-redis.ts'
import { revokedKeys, shortKeys, wrongKeys } from './attacks/keys.ts'
import { largeTasks } from './attacks/large-task.ts'
import { lists } from './attacks/lists.ts'
import { modelIds } from './attacks/model-ids.ts'
import { patterns } from './attacks/patterns.ts'
import { registries } from './attacks/registries.ts'
import { schemas } from './attacks/schemas.ts'
import { secrets } from './attacks/secrets.ts'
import { shards } from './attacks/shards.ts'
import { streams } from './attacks/streams.ts'
import { submissions } from './attacks/submissions.ts'
import { templates } from './attacks/templates.ts'
import { trimming } from './attacks/trimming.ts'
import { webPages } from './attacks/web-pages.ts'

/** Every attack, one file for each family. */
export const attacks: Attack[] = [
  templates,
  schemas,
  submissions,
  patterns,
  lists,
  largeTasks,
  forks,
  trimming,
  webPages,
  fanOut,
  backlog,
  codeSlots,
  streams,
  connections,
  registries,
  wrongKeys,
  revokedKeys,
  shortKeys,
  shards,
  fullRedis,
  secrets,
  deleted,
  modelIds,
]
