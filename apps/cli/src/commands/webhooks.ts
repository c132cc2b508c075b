import type { CommandSpec } from '../spec.ts'
import { limit } from './options.ts'

const actions = () => import('../webhooks/webhooks.ts')
const id = { name: '<endpoint>', about: 'the id of the endpoint' }
const events = {
  flags: '-e, --event <type>',
  about: 'a type of events, or a pattern such as response.* (all)',
  repeats: true,
} as const

export const webhookCommands: CommandSpec[] = [
  {
    name: 'webhooks list',
    summary: 'List the endpoints that receive events',
    options: [limit],
    examples: [{ line: 'longhaul webhooks list', about: 'The endpoints of the workspace.' }],
    load: async () => (await actions()).listWebhooks,
  },
  {
    name: 'webhooks get',
    summary: 'Show an endpoint',
    args: [id],
    examples: [
      {
        line: 'longhaul webhooks get $ENDPOINT',
        about: 'An endpoint, as JSON.',
        untested: 'it needs the id of an endpoint',
      },
    ],
    load: async () => (await actions()).getWebhook,
  },
  {
    name: 'webhooks create',
    summary: 'Create an endpoint',
    details: 'Prints it with its secret, which is not shown again.',
    args: [{ name: '<url>', about: 'where events are sent' }],
    options: [
      { flags: '--name <name>', about: 'a name for people (the URL)' },
      events,
      { flags: '--output', about: 'events have the text of the answer, too' },
    ],
    examples: [
      {
        line: 'longhaul webhooks create https://shop.example/events --event response.completed --event response.failed',
        about: 'Receive the ends of turns.',
      },
    ],
    load: async () => (await actions()).createWebhook,
  },
  {
    name: 'webhooks delete',
    summary: 'Delete an endpoint and its deliveries',
    args: [id],
    examples: [
      {
        line: 'longhaul webhooks delete $ENDPOINT --yes',
        about: 'Delete an endpoint without a question.',
        untested: 'it needs the id of an endpoint',
      },
    ],
    load: async () => (await actions()).deleteWebhook,
  },
  {
    name: 'webhooks rotate',
    summary: 'Give an endpoint a new secret',
    details: 'Prints the endpoint with its secret, which is not shown again.',
    args: [id],
    options: [{ flags: '--keep-old', about: 'events have both signatures for another day' }],
    examples: [
      {
        line: 'longhaul webhooks rotate $ENDPOINT --keep-old',
        about: 'Change the secret without a gap.',
        untested: 'it needs the id of an endpoint',
      },
    ],
    load: async () => (await actions()).rotateSecret,
  },
  {
    name: 'webhooks deliveries',
    summary: 'List the deliveries of an endpoint, the newest first, or show one',
    args: [id, { name: '[delivery]', about: 'show this one with its event and its attempts' }],
    options: [
      {
        flags: '-s, --status <status>',
        about: 'only these',
        choices: ['pending', 'delivered', 'failed'],
      },
      { flags: '-e, --event <type>', about: 'only events of this type' },
      { flags: '--since <duration>', about: 'only those of the last 2h, 7d, …' },
      limit,
    ],
    examples: [
      {
        line: 'longhaul webhooks deliveries $ENDPOINT --status failed --since 1d',
        about: 'What did not arrive.',
        untested: 'it needs the id of an endpoint',
      },
    ],
    load: async () => (await actions()).showDeliveries,
  },
  {
    name: 'webhooks redeliver',
    summary: 'Send events again, whether they arrived or not',
    args: [id, { name: '<delivery...>', about: 'the ids of the deliveries' }],
    examples: [
      {
        line: 'longhaul webhooks redeliver $ENDPOINT $DELIVERY',
        about: 'Send an event again.',
        untested: 'it needs the id of a delivery',
      },
    ],
    load: async () => (await actions()).redeliver,
  },
  {
    name: 'webhooks listen',
    summary: 'Receive events on this machine, verify them and print them, until Ctrl-C',
    details:
      'Creates an endpoint that leads here, and deletes it at the end. A server on this machine must run with ' +
      '`LONGHAUL_EGRESS_ALLOW=127.0.0.1`; one elsewhere needs a tunnel. With --endpoint it receives what an endpoint ' +
      'of yours sends here, and changes nothing. A request with a wrong signature gets a 400.',
    options: [
      events,
      { flags: '--port <number>', about: 'the port to listen on (any free one)' },
      { flags: '--address <url>', about: 'the address that leads to the port, such as a tunnel' },
      { flags: '--endpoint <id>', about: 'an endpoint whose URL leads to the port' },
      { flags: '--secret <secret>', about: 'its secret; WEBHOOK_SECRET hides it better' },
      { flags: '--count <number>', about: 'end after this many events' },
      { flags: '--test', about: 'send a sample event first' },
    ],
    examples: [
      {
        line: 'longhaul webhooks listen --test --count 1 --json',
        about: 'Check that events arrive.',
      },
    ],
    load: async () => (await import('../webhooks/listen.ts')).listen,
  },
]
