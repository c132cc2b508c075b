type Options<Value extends string> = {
  label: string
  value: Value
  options: readonly (readonly [value: Value, label: string])[]
  onChange: (value: Value) => void
}

/** One of a few values, side by side. */
export function Choice<Value extends string>({ label, value, options, onChange }: Options<Value>) {
  return (
    <div
      role="group"
      aria-label={label}
      className="inline-flex max-w-full overflow-x-auto rounded-lg border border-line bg-card p-0.5"
    >
      {options.map(([name, text]) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === value}
          className={`rounded-md px-2.5 py-1 whitespace-nowrap ${
            name === value
              ? 'bg-accent-soft font-semibold text-accent'
              : 'text-soft hover:text-text'
          }`}
          onClick={() => onChange(name)}
        >
          {text}
        </button>
      ))}
    </div>
  )
}
