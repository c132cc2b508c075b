import { Badge, type Tone } from './badge.tsx'

type Options = { status: string; waiting?: string | undefined }

const looks: Record<string, [label: string, tone: Tone]> = {
  in_progress: ['Running', 'accent'],
  waiting: ['Waiting', 'warn'],
  completed: ['Completed', 'good'],
  failed: ['Failed', 'bad'],
}

/** The status of a turn. One that waits for something is not running. */
export function StatusBadge({ status, waiting }: Options) {
  const look = looks[waiting !== undefined && status === 'in_progress' ? 'waiting' : status]
  const [label, tone] = look ?? [status, 'plain']
  return <Badge tone={tone} label={label} />
}
