import type { DemoTask } from './demo-api.ts'

const customers = ['ines', 'omar', 'li-wei', 'tove', 'amara', 'jonas']

/** The tasks with which the demo begins. */
export function firstTasks(now: number): DemoTask[] {
  const anHourLater = new Date(now + 3_600_000).toISOString()
  return [
    ...customers.map((customer) => supportTask(customer)),
    parcelTask('4711', 'ines'),
    parcelTask('4720', 'tove'),
    ...[1, 2, 3].map(reportTask),
    { to: 'writer', text: 'Summarise the quarter: revenue, support, and what comes next.' },
    refundTask('A-2093'),
    refundTask('A-2101'),
    {
      to: 'writer',
      text: 'Write the note for the night shift.',
      longhaul: { start_at: anHourLater },
    },
  ]
}

export const cancelledTask: DemoTask = {
  to: 'writer',
  text: 'Cancel this: a letter that nobody needs any more.',
}

/** Tasks that take some seconds, for a worker that dies meanwhile. */
export const longTasks: DemoTask[] = Array.from({ length: 8 }, (_, at) => ({
  to: 'writer',
  text: `Write chapter ${at + 1} of the handbook: ${'what to do when a parcel is late, damaged or lost; '.repeat(3)}`,
  thread: { id: 'handbook' },
}))

/** What customers and nights bring in an hour: `random` is from 0 to 1. */
export function nextTask(number: number, random: number): DemoTask {
  const customer = customers[number % customers.length] ?? ''
  if (random < 0.5) return supportTask(customer)
  if (random < 0.7) return parcelTask(String(4_800 + number), customer)
  if (random < 0.88) return { to: 'writer', text: `Write a short letter to ${customer}.` }
  return random < 0.95 ? reportTask(number) : refundTask(`A-${2_200 + number}`)
}

function supportTask(customer: string): DemoTask {
  return {
    to: 'support',
    text: `What is the date of the next delivery for ${customer}?`,
    identity: { id: customer },
    metadata: { plan: customer.length > 4 ? 'pro' : 'free' },
  }
}

function parcelTask(parcel: string, customer: string): DemoTask {
  return {
    to: 'parcels',
    text: `Ask the carrier where parcel ${parcel} is, and tell ${customer} the answer.`,
    identity: { id: customer },
    thread: { id: `parcel-${parcel}` },
  }
}

function reportTask(night: number): DemoTask {
  const metadata = { night: String(night) }
  return { to: 'reports', text: `Make the report of night ${night}`, metadata }
}

function refundTask(order: string): DemoTask {
  return { to: 'refunds', text: `Refund order ${order}, with the date of today.` }
}
