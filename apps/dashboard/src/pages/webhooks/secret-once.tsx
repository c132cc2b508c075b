import { CopyButton } from '../../parts/copy-button.tsx'

/** A secret, which the API shows only now. */
export function SecretOnce({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <div className="grid gap-4">
      <p className="text-soft">
        Keep the secret where the receiver reads it: it verifies that events are from here. It is
        not shown again.
      </p>
      <div className="flex items-center gap-2 rounded-md bg-sunken p-3">
        <code className="min-w-0 font-mono text-xs break-all">{secret}</code>
        <span className="ml-auto">
          <CopyButton text={secret} />
        </span>
      </div>
      <button
        type="button"
        className="button button-main justify-self-start"
        autoFocus
        onClick={onDone}
      >
        I have kept it
      </button>
    </div>
  )
}
