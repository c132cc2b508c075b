import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** From a cached read to a minute. Anything longer is a turn, not a request. */
const defaultBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/**
 * The metrics of one process, including those of Node. Labels have few values, never an id, a key or a user's text,
 * because `/metrics` needs no key.
 */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    counter: <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
      new Counter({ name, help, labelNames, registers }),
    histogram: <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[] = [],
      buckets: number[] = defaultBuckets,
    ) => new Histogram({ name, help, labelNames, buckets, registers }),
    /** `read` is called at each scrape. */
    gauge: (name: string, help: string, read: () => number | Promise<number>) =>
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read())
        },
      }),
    /** `read` returns a number for each value of the label, at each scrape. */
    gauges: (name: string, help: string, label: string, read: Readings) =>
      new Gauge({ name, help, registers, ...readAtScrape(label, read) }),
    /** Like `gauges`, for numbers that only grow. */
    counters: (name: string, help: string, label: string, read: Readings) =>
      new Counter({ name, help, registers, ...readAtScrape(label, read) }),
  }
}

type Readings = () => Iterable<[string, number]> | Promise<Iterable<[string, number]>>

/** Label values that `read` no longer returns are removed. */
function readAtScrape(label: string, read: Readings) {
  return {
    labelNames: [label],
    async collect(this: Gauge | Counter): Promise<void> {
      const readings = await read()
      this.reset()
      for (const [value, number] of readings) this.inc({ [label]: value }, number)
    },
  }
}
