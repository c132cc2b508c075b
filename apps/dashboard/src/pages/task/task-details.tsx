import type { LogEntry, Task } from '@longhaul/client'
import { JsonView } from '../../parts/json-view.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { textOfParts } from './conversation.tsx'

/** Input, output and metadata of a task, its usage by step, and the code that repeats it. */
export function TaskDetails({ task, entries }: { task: Task; entries: LogEntry[] }) {
  const first = entries.findLast((entry) => entry.type === 'turn.started')
  const { metadata, identity, thread, conversation, memory } = task
  const given = Object.entries({ metadata, identity, thread, conversation, memory }).filter(
    ([, value]) => value !== undefined,
  )
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <div className="card grid gap-4 p-4">
        <JsonView value={first?.message?.parts ?? []} label="Input" />
        <JsonView value={task.output} label="Output" />
        {given.length > 0 && <JsonView value={Object.fromEntries(given)} label="Metadata" />}
        <JsonView value={task.telemetry} label="Trace" />
      </div>
      <div className="grid gap-4">
        <StepUsage entries={entries} />
        <Code task={task} text={textOfParts(first?.message?.parts ?? [])} />
      </div>
    </div>
  )
}

function StepUsage({ entries }: { entries: LogEntry[] }) {
  const steps = entries.filter((entry) => entry.type === 'step.finished')
  return (
    <section className="card overflow-x-auto p-4" aria-label="Usage by step">
      <h3 className="mb-2 font-semibold">Usage by step</h3>
      <table className="w-full text-left">
        <thead className="text-xs text-soft">
          <tr>
            <th className="py-1 font-medium">Step</th>
            <th className="font-medium">Model</th>
            <th className="text-right font-medium">In</th>
            <th className="text-right font-medium">Out</th>
          </tr>
        </thead>
        <tbody>
          {steps.slice(0, 200).map(({ id, step, model, usage }) => (
            <tr key={id} className="border-t border-line tabular-nums">
              <td className="py-1">{step}</td>
              <td className="task-text">{model}</td>
              <td className="text-right">{usage?.prompt_tokens ?? ''}</td>
              <td className="text-right">{usage?.completion_tokens ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Code({ task, text }: { task: Task; text: string }) {
  const agent = task.agent_key ?? ''
  const message = { role: 'user', parts: [{ kind: 'text', text: text.slice(0, 20_000) }] }
  const body = JSON.stringify({ background: true, message })
  const curl = `curl ${location.origin}/v2/agents/${encodeURIComponent(agent)}/responses \\
  -H "Authorization: Bearer $LONGHAUL_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '${body.replaceAll("'", String.raw`'\''`)}'`
  const sdk = `import { Orq } from '@orq-ai/node'

const orq = new Orq({ serverURL: '${location.origin}', apiKey: process.env.LONGHAUL_API_KEY })
await orq.agents.responses.create(${body}, ${JSON.stringify(agent)})`
  return (
    <section className="card p-4" aria-label="Run it again">
      <h3 className="mb-2 font-semibold">Run it again from your code</h3>
      {[
        ['curl', curl],
        ['@orq-ai/node', sdk],
      ].map(([name = '', code = '']) => (
        <div key={name} className="mb-3">
          <p className="mb-1 flex items-center text-xs text-soft">
            {name}
            <span className="ml-auto">
              <CopyButton text={code} />
            </span>
          </p>
          <pre
            tabIndex={0}
            className="task-text max-h-40 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap"
          >
            {code}
          </pre>
        </div>
      ))}
    </section>
  )
}
