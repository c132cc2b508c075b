import type { Agent } from '@longhaul/client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { useMayAct } from '../../data/session.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { JsonView, LongText } from '../../parts/json-view.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Playground } from './playground.tsx'

/** One agent: its manifest, a comparison with an earlier version, and a playground. */
export function AgentPage({ agent }: { agent: string }) {
  const mayAct = useMayAct()
  const { data, error } = useQuery({
    queryKey: ['agent', agent],
    queryFn: ({ signal }) => client.agents.get(agent, { signal }),
  })
  if (error !== null) return <EmptyState title="No such agent">{messageOf(error)}</EmptyState>
  if (data === undefined) return <p className="text-soft">Loading …</p>
  return (
    <>
      <PageHead title={data.display_name}>
        <Link className="button" href={`/tasks?agent=${encodeURIComponent(data.key)}`}>
          Its tasks
        </Link>
      </PageHead>
      <p className="mb-4 text-soft">
        <span className="font-mono text-xs">{data.key}</span>, version {data.version},{' '}
        {data.model.id}
      </p>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {mayAct && <Playground agent={data.key} />}
        <div className="grid gap-4">
          <section className="card p-4">
            <h2 className="mb-2 font-semibold">Instructions</h2>
            <LongText text={data.instructions} />
          </section>
          <section className="card grid gap-4 p-4">
            <JsonView value={data.settings.tools} label="Tools" />
            <JsonView value={{ ...data.settings, tools: undefined }} label="Settings" />
          </section>
          <Versions agent={data} />
        </div>
      </div>
    </>
  )
}

/** What an earlier version has that this one has not, and the other way round. */
function Versions({ agent }: { agent: Agent }) {
  const [version, setVersion] = useState('')
  const { data, error } = useQuery({
    queryKey: ['agent', agent.key, version],
    queryFn: ({ signal }) => client.agents.get(`${agent.key}@${version}`, { signal }),
    enabled: /^\d+\.\d+\.\d+$/.test(version),
  })
  return (
    <section className="card p-4" aria-label="Compare versions">
      <label className="flex items-center gap-2">
        <span className="font-semibold">Compare with version</span>
        <input
          className="field w-28"
          placeholder="1.0.0"
          value={version}
          onChange={({ target }) => setVersion(target.value.trim())}
        />
      </label>
      {error && <p className="mt-2 text-bad">{messageOf(error)}</p>}
      {data && <Difference before={linesOf(data)} after={linesOf(agent)} />}
    </section>
  )
}

function linesOf({
  _id,
  version: _version,
  created: _created,
  updated: _updated,
  ...manifest
}: Agent) {
  return JSON.stringify(manifest, undefined, 2)
    .split('\n')
    .map((line) => line.replaceAll(String.raw`\n`, '↵ '))
}

function Difference({ before, after }: { before: string[]; after: string[] }) {
  const [had, has] = [new Set(before), new Set(after)]
  const removed = before.filter((line) => !has.has(line))
  const added = after.filter((line) => !had.has(line))
  if (removed.length + added.length === 0) return <p className="mt-3 text-soft">They are equal.</p>
  return (
    <pre
      tabIndex={0}
      className="task-text mt-3 max-h-96 overflow-auto font-mono text-xs whitespace-pre-wrap"
    >
      {removed.map((line) => (
        <span key={`- ${line}`} className="block bg-bad-soft px-2 text-bad">
          − {line}
        </span>
      ))}
      {added.map((line) => (
        <span key={`+ ${line}`} className="block bg-good-soft px-2 text-good">
          + {line}
        </span>
      ))}
    </pre>
  )
}
