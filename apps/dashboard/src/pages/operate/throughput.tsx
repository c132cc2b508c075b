import type { Task } from '@longhaul/client'
import { useEffect, useMemo, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

const bars = 30

/** How many tasks began in each part of a window. */
export function Throughput({ tasks, minutes }: { tasks: readonly Task[]; minutes: number }) {
  const times = useMemo(() => tasks.map(({ created_at: at }) => Date.parse(at)), [tasks])
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = element.current
    if (box === null) return
    const style = getComputedStyle(document.documentElement)
    const [line, accent, soft] = ['--line', '--accent', '--soft'].map((name) =>
      style.getPropertyValue(name),
    )
    const axis = {
      stroke: soft ?? '',
      grid: { stroke: line ?? '', width: 1 },
      ticks: { show: false },
    }
    const plot = new UPlot(
      {
        width: box.clientWidth,
        height: 180,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_plot, _min, max) => [0, Math.max(4, max)] } },
        axes: [axis, { ...axis, size: 36 }],
        series: [
          {},
          {
            stroke: accent ?? '',
            fill: `${accent ?? ''}33`,
            ...(UPlot.paths.bars && { paths: UPlot.paths.bars({ size: [0.8] }) }),
            points: { show: false },
          },
        ],
      },
      dataOf(times, minutes),
      box,
    )
    const observer = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 180 }))
    observer.observe(box)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [times, minutes])
  return (
    <div
      ref={element}
      role="img"
      aria-label={`${times.length} tasks in the last ${minutes} minutes`}
    />
  )
}

function dataOf(times: number[], minutes: number): [number[], number[]] {
  const width = (minutes * 60_000) / bars
  const end = Math.ceil(Date.now() / width) * width
  const starts = Array.from({ length: bars }, (_, at) => end - (bars - at) * width)
  const counts = starts.map(
    (start) => times.filter((time) => time >= start && time < start + width).length,
  )
  return [starts.map((start) => start / 1_000), counts]
}
