import type { WorkspaceUsage } from '@longhaul/client'
import { useEffect, useMemo, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { barMs, type Window } from './usage-window.ts'

/** How many turns ended in each part of a window, and how many of them failed. */
export function UsageChart({ usage, window }: { usage: WorkspaceUsage; window: Window }) {
  const data = useMemo(() => dataOf(usage, window), [usage, window])
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = element.current
    if (box === null) return
    const plot = new UPlot({ width: box.clientWidth, height, ...looks() }, data, box)
    const observer = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height }))
    observer.observe(box)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [data])
  const [, ended, failed] = data
  return (
    <section className="card mt-4 p-4" aria-label="Throughput">
      <h2 className="mb-2 font-semibold">
        Turns ended <span className="font-normal text-soft">and failed, by {window.grain}</span>
      </h2>
      <div
        ref={element}
        role="img"
        aria-label={`${sum(ended)} turns ended and ${sum(failed)} of them failed in the last ${window.label}`}
      />
    </section>
  )
}

const height = 180

type Data = [starts: number[], ended: number[], failed: number[]]

function dataOf({ data }: WorkspaceUsage, { minutes, grain }: Window): Data {
  const length = barMs[grain]
  const parts = (minutes * 60_000) / length
  const last = Math.floor(Date.now() / length) * length
  const starts = Array.from({ length: parts + 1 }, (_, at) => last - (parts - at) * length)
  const rows = new Map(data.map((row) => [Date.parse(row.start), row]))
  return [
    starts.map((start) => start / 1_000),
    starts.map((start) => rows.get(start)?.requests ?? 0),
    starts.map((start) => rows.get(start)?.errors ?? 0),
  ]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function looks(): Omit<UPlot.Options, 'width' | 'height'> {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--${name}`)
  const grid = { stroke: colour('line'), width: 1 }
  const axis = { stroke: colour('soft'), grid, ticks: { show: false } }
  return {
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(4, max)] } },
    axes: [axis, { ...axis, size: 36 }],
    series: [{}, bars(colour('accent')), bars(colour('bad'))],
  }
}

function bars(stroke: string): UPlot.Series {
  return {
    stroke,
    fill: `${stroke}55`,
    ...(UPlot.paths.bars && { paths: UPlot.paths.bars({ size: [0.8] }) }),
    points: { show: false },
  }
}
