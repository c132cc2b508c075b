type Options = { status: string; waiting?: string | undefined }

const looks: Record<string, [label: string, style: string]> = {
  in_progress: ['Running', 'bg-accent-soft text-accent'],
  waiting: ['Waiting', 'bg-warn-soft text-warn'],
  completed: ['Completed', 'bg-good-soft text-good'],
  failed: ['Failed', 'bg-bad-soft text-bad'],
}

/** The status of a turn. One that waits for something is not running. */
export function StatusBadge({ status, waiting }: Options) {
  const look = looks[waiting !== undefined && status === 'in_progress' ? 'waiting' : status]
  const [label, style] = look ?? [status, 'bg-sunken text-soft']
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-semibold ${style}`}
    >
      <span className="size-1.5 rounded-full bg-current" aria-hidden="true" />
      {label}
    </span>
  )
}
