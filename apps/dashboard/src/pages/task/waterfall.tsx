import type { LogEntry } from '@longhaul/client'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { foldTime, placeOf, timeAt } from '../../data/fold-time.ts'
import { duration } from '../../data/format.ts'
import { crashLanes, inOrder, type Lane, lanesOf } from '../../data/lanes.ts'
import { useLog } from '../../data/live-log.ts'
import { pathOfTask, type TaskTime } from '../../data/tasks.ts'
import { colourOf, isIdle, labelOf } from '../../data/time-kinds.ts'
import { isTyping } from '../../parts/shell.tsx'
import { useNow } from '../../parts/moment.tsx'
import { VirtualList } from '../../parts/virtual-list.tsx'

type Options = {
  log: LogEntry[]
  time: TaskTime | undefined
  selected: string | undefined
  onSelect: (lane: Lane) => void
}

type Range = { from: number; to: number }

/** What happened when: a lane for each step. Long waits are folded, and a part can be enlarged. */
export function Waterfall({ log, time, selected, onSelect }: Options) {
  const [isTrue, setTrue] = useState(false)
  const [zoom, setZoom] = useState<Range>()
  useScaleKeys(
    () => setTrue(!isTrue),
    () => setZoom(undefined),
  )
  const clock = useNow()
  const now = time?.live === true ? clock : endOf(time)
  const lanes = useMemo(
    () => inOrder([...lanesOf(log, now), ...crashLanes(time, log)]),
    [log, now, time],
  )
  const axis = useMemo(() => axisOf(time, { isTrue, zoom }), [time, isTrue, zoom])
  const shown = zoom ? lanes.filter(({ from, to }) => to >= zoom.from && from <= zoom.to) : lanes
  if (axis.length === 0) return <p className="p-4 text-soft">Nothing has happened yet.</p>

  return (
    <section aria-label="Waterfall">
      <div className="flex flex-wrap items-center gap-2 px-3 py-2 text-xs text-soft">
        <button
          type="button"
          className="button h-7 px-2 text-xs"
          aria-pressed={isTrue}
          onClick={() => setTrue(!isTrue)}
        >
          True scale <kbd>f</kbd>
        </button>
        {zoom && (
          <button
            type="button"
            className="button h-7 px-2 text-xs"
            onClick={() => setZoom(undefined)}
          >
            Show all
          </button>
        )}
        <span className="ml-auto max-md:hidden">Drag over the axis to enlarge a part</span>
      </div>
      <Axis axis={axis} onZoom={setZoom} />
      <VirtualList
        items={shown}
        rowHeight={34}
        label="Steps"
        render={(lane) => (
          <LaneRow
            key={lane.id}
            lane={lane}
            axis={axis}
            isSelected={lane.id === selected}
            onSelect={onSelect}
          />
        )}
      />
      <ChildLanes lanes={lanes} axis={axis} now={now} onSelect={onSelect} />
    </section>
  )
}

type AxisPieces = ReturnType<typeof foldTime>

function axisOf(time: TaskTime | undefined, options: { isTrue: boolean; zoom: Range | undefined }) {
  const { isTrue, zoom } = options
  const spans = (time?.parts ?? []).map(({ from, ms, for: kind }) => {
    const begin = Date.parse(from)
    return { from: begin, to: begin + ms, isIdle: isIdle(kind) }
  })
  if (zoom === undefined) return foldTime(spans, { isTrue })
  const cut = spans
    .map((span) => ({
      ...span,
      from: Math.max(span.from, zoom.from),
      to: Math.min(span.to, zoom.to),
    }))
    .filter(({ from, to }) => to > from)
  return foldTime(cut, { isTrue })
}

function endOf(time: TaskTime | undefined): number {
  return time?.from === undefined ? 0 : Date.parse(time.from) + time.ms
}

function Axis({ axis, onZoom }: { axis: AxisPieces; onZoom: (range: Range) => void }) {
  const element = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number }>()
  const placeIn = (x: number) => {
    const box = element.current?.getBoundingClientRect()
    return box === undefined ? 0 : Math.min(1, Math.max(0, (x - box.left) / box.width))
  }
  const begin = axis[0]?.from ?? 0
  const end = () => {
    setDrag(undefined)
    if (drag === undefined || Math.abs(drag.to - drag.from) < 0.01) return
    const [a, b] = [timeAt(drag.from, axis), timeAt(drag.to, axis)]
    onZoom({ from: Math.min(a, b), to: Math.max(a, b) })
  }
  return (
    <div className="grid grid-cols-[11rem_minmax(0,1fr)] border-y border-line text-xs text-soft max-md:grid-cols-[7rem_minmax(0,1fr)]">
      <span className="px-3 py-1">Step</span>
      <div
        ref={element}
        className="relative h-6 cursor-crosshair touch-none select-none"
        onPointerDown={({ clientX, pointerId }) => {
          element.current?.setPointerCapture(pointerId)
          setDrag({ from: placeIn(clientX), to: placeIn(clientX) })
        }}
        onPointerMove={({ clientX }) => drag && setDrag({ ...drag, to: placeIn(clientX) })}
        onPointerUp={end}
      >
        {axis.map((piece) =>
          piece.isFolded ? (
            <span
              key={piece.from}
              className="absolute inset-y-0 grid place-items-center overflow-hidden border-x border-dashed border-line bg-sunken"
              style={{ left: `${piece.x * 100}%`, width: `${piece.width * 100}%` }}
              title={`${duration(piece.to - piece.from)} folded`}
            >
              ⋯
            </span>
          ) : (
            piece.width > 0.08 && (
              <span
                key={piece.from}
                className="absolute top-1 pl-1 tabular-nums"
                style={{ left: `${piece.x * 100}%` }}
              >
                +{duration(piece.from - begin)}
              </span>
            )
          ),
        )}
        {drag && (
          <span
            className="absolute inset-y-0 bg-accent/20"
            style={{
              left: `${Math.min(drag.from, drag.to) * 100}%`,
              width: `${Math.abs(drag.to - drag.from) * 100}%`,
            }}
          />
        )}
      </div>
    </div>
  )
}

type RowOptions = {
  lane: Lane
  axis: AxisPieces
  isSelected: boolean
  onSelect: (lane: Lane) => void
}

function LaneRow({ lane, axis, isSelected, onSelect }: RowOptions) {
  const left = placeOf(lane.from, axis)
  const width = Math.max(0, placeOf(lane.to, axis) - left)
  const took = duration(lane.to - lane.from)
  const wait = isIdle(lane.kind) ? `waited ${took}` : took
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      onClick={() => onSelect(lane)}
      className={`grid h-[34px] w-full grid-cols-[11rem_minmax(0,1fr)] items-center text-left hover:bg-sunken max-md:grid-cols-[7rem_minmax(0,1fr)] ${isSelected ? 'bg-accent-soft' : ''}`}
      title={`${labelOf(lane.kind)}: ${lane.label} ${lane.detail}, ${took}`}
    >
      <span className="min-w-0 px-3">
        <span className={`task-text block truncate ${lane.isFailed === true ? 'text-bad' : ''}`}>
          {lane.label}
        </span>
      </span>
      <span className="relative block h-full">
        <span
          className={`absolute top-2 h-[18px] min-w-[3px] rounded-xs ${colourOf(lane.kind)} ${lane.isFailed === true ? 'outline-2 outline-bad' : ''}`}
          style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
        />
        <span
          className="absolute top-2 text-xs whitespace-nowrap text-soft tabular-nums"
          style={
            left + width > 0.7
              ? { right: `${(1 - left) * 100}%`, paddingRight: 6 }
              : { left: `${(left + width) * 100}%`, paddingLeft: 6 }
          }
        >
          {wait}
          {lane.detail !== '' && <span className="max-md:hidden">, {lane.detail}</span>}
        </span>
      </span>
    </button>
  )
}

type ChildOptions = { lanes: Lane[]; axis: AxisPieces; now: number; onSelect: (lane: Lane) => void }

/** The lanes of sub-agents, which the reader opens. */
function ChildLanes({ lanes, axis, now, onSelect }: ChildOptions) {
  const children = lanes.flatMap(({ child }) => (child ? [child] : []))
  if (children.length === 0) return null
  return (
    <div className="border-t border-line">
      {children.map((child) => (
        <details key={child.id} className="border-b border-line last:border-b-0">
          <summary className="cursor-pointer px-3 py-2">
            Sub-agent <span className="task-text font-medium">{child.agent}</span>{' '}
            <Link href={pathOfTask(child.agent, child.id)} className="text-soft underline">
              open its task
            </Link>
          </summary>
          <Child child={child} axis={axis} now={now} onSelect={onSelect} />
        </details>
      ))}
    </div>
  )
}

function Child({
  child,
  axis,
  now,
  onSelect,
}: Omit<ChildOptions, 'lanes'> & { child: { agent: string; id: string } }) {
  const { entries } = useLog(child, child.id)
  const lanes = useMemo(() => lanesOf(entries, now), [entries, now])
  return (
    <div className="border-l-4 border-time-agent">
      {lanes.slice(0, 200).map((lane) => (
        <LaneRow key={lane.id} lane={lane} axis={axis} isSelected={false} onSelect={onSelect} />
      ))}
    </div>
  )
}

function useScaleKeys(onScale: () => void, onWhole: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      if (event.key === 'f') onScale()
      if (event.key === 'Escape') onWhole()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
}
