import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

test('counters, histograms and gauges are rendered together with those of Node', async () => {
  const metrics = createMetrics()
  metrics.counter('claims_total', 'Claims.', ['outcome']).inc({ outcome: 'ok' })
  metrics.histogram('wait_seconds', 'Waits.', [], [1, 2]).observe(1.5)
  let depth = 3
  metrics.gauge('depth', 'Depth.', () => depth)
  expect(await metrics.render()).toContain('depth 3')
  depth = 4
  const text = await metrics.render()
  expect(text).toContain('claims_total{outcome="ok"} 1')
  expect(text).toContain('wait_seconds_bucket{le="2"} 1')
  expect(text).toContain('depth 4')
  expect(text).toContain('nodejs_eventloop_lag_seconds')
})

test('numbers by label are read at each scrape, and missing ones are removed', async () => {
  const metrics = createMetrics()
  let readings: [string, number][] = [['full', 1]]
  metrics.gauges('trouble', 'Trouble.', 'code', () => readings)
  metrics.counters('refusals_total', 'Refusals.', 'code', () => readings)
  expect(await metrics.render()).toContain('trouble{code="full"} 1')
  readings = [['busy', 3]]
  const text = await metrics.render()
  expect(text).toContain('trouble{code="busy"} 3')
  expect(text).toContain('refusals_total{code="busy"} 3')
  expect(text).not.toContain('full')
})

test('two sets of metrics in one process are independent', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.counter('same_total', 'Same.').inc()
  other.counter('same_total', 'Same.').inc(2)
  expect(await one.render()).toContain('same_total 1')
  expect(await other.render()).toContain('same_total 2')
})
