import { Link } from 'wouter'
import { count, share } from '../../data/format.ts'
import { startOf, useUsage, type Window } from './usage-window.ts'

const shown = 10

/** The agents or the models that had the most turns in a window. */
export function UsageTable({ window, by }: { window: Window; by: 'agent' | 'model' }) {
  const { data } = useUsage(window, { group_by: by })
  const totals = data?.totals.filter(({ requests }) => requests > 0) ?? []
  if (totals.length === 0) return null
  const title = by === 'agent' ? 'Agents' : 'Models'
  return (
    <section className="card overflow-x-auto p-4" aria-label={title}>
      <h2 className="mb-2 font-semibold">
        {title}
        <span className="font-normal text-soft"> since the beginning of an hour</span>
      </h2>
      <table className="w-full text-left tabular-nums">
        <thead className="text-xs text-soft">
          <tr>
            <th className="py-1 font-medium">{by === 'agent' ? 'Agent' : 'Model'}</th>
            <th className="text-right font-medium">Turns</th>
            <th className="text-right font-medium">Failed</th>
            <th className="text-right font-medium">Tokens</th>
          </tr>
        </thead>
        <tbody>
          {totals.slice(0, shown).map((total) => (
            <tr key={total.key} className="border-t border-line">
              <td className="task-text py-1.5">
                {total.key == null ? 'others' : <Key by={by} name={total.key} window={window} />}
              </td>
              <td className="text-right">{count(total.requests)}</td>
              <td className={`text-right ${total.errors > 0 ? 'text-bad' : ''}`}>
                {share(total.errors, total.requests)}
              </td>
              <td className="text-right">{count(total.input_tokens + total.output_tokens)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Key({ by, name, window }: { by: 'agent' | 'model'; name: string; window: Window }) {
  const filter = `${by}=${encodeURIComponent(name)}&created_after=${startOf(window.minutes)}`
  return (
    <Link href={`/tasks?${filter}`} className="hover:underline">
      {name}
    </Link>
  )
}
