import { useEventTypes } from '../../data/webhooks.ts'

type Options = { chosen: readonly string[]; onChange: (chosen: string[]) => void }

/** The types of events that an endpoint receives: all, all of a family, or single ones. */
export function EventChoice({ chosen, onChange }: Options) {
  const { data } = useEventTypes()
  const families = Map.groupBy(data?.data ?? [], familyOf)
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name])
  const hasAll = chosen.includes('*')
  return (
    <fieldset className="grid gap-2">
      <legend className="text-xs font-semibold text-soft">Events</legend>
      <Check
        name="*"
        label="All events, also those of later versions"
        isOn={hasAll}
        onToggle={toggle}
      />
      {[...families].map(([family, types]) => {
        const pattern = `${family}.*`
        const hasFamily = hasAll || chosen.includes(pattern)
        return (
          <div key={family} className="grid gap-1 rounded-md bg-sunken p-3">
            <Check
              name={pattern}
              label={`All of ${family}`}
              isOn={hasFamily}
              isFixed={hasAll}
              onToggle={toggle}
            />
            <div className="grid gap-1 pl-6 sm:grid-cols-2">
              {types.map((type) => (
                <Check
                  key={type}
                  name={type}
                  label={type.slice(family.length + 1)}
                  isOn={hasFamily || chosen.includes(type)}
                  isFixed={hasFamily}
                  onToggle={toggle}
                />
              ))}
            </div>
          </div>
        )
      })}
    </fieldset>
  )
}

type CheckOptions = {
  name: string
  label: string
  isOn: boolean
  /** Whether a pattern has chosen it already. */
  isFixed?: boolean
  onToggle: (name: string) => void
}

function Check({ name, label, isOn, isFixed = false, onToggle }: CheckOptions) {
  return (
    <label className="flex min-w-0 items-center gap-2">
      <input
        type="checkbox"
        className="size-4 shrink-0 accent-accent"
        aria-label={name === '*' ? 'All events' : name}
        checked={isOn}
        disabled={isFixed}
        onChange={() => onToggle(name)}
      />
      <span className="truncate">{label}</span>
    </label>
  )
}

function familyOf(type: string): string {
  return type.slice(0, type.indexOf('.'))
}
