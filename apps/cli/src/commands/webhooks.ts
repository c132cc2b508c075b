import type { CommandSpec } from '../spec.ts'
import { listOptions } from './options.ts'

const actions = () => import('../actions/webhooks/endpoints.ts')
const deliveries = () => import('../actions/webhooks/deliveries.ts')
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
    options: listOptions,
    examples: [{ line: 'longhaul webhooks list', about: 'The endpoints of the workspace.' }],
    load: async () => (await actions()).listWebhooks,
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
        line: `longhaul webhooks create https://shop.example/events --event response.completed --event response.failed
ENDPOINT=$(longhaul webhooks list --limit 1 --ids)
longhaul run demo "Hello"`,
        about: 'Receive the ends of turns, and end one. The list begins with the newest endpoint.',
      },
    ],
    load: async () => (await actions()).createWebhook,
  },
  {
    name: 'webhooks get',
    summary: 'Show an endpoint',
    args: [id],
    examples: [
      {
        line: 'longhaul webhooks get $ENDPOINT',
        about: 'An endpoint, as JSON.',
      },
    ],
    load: async () => (await actions()).getWebhook,
  },
  {
    name: 'webhooks update',
    summary: 'Change an endpoint',
    args: [id],
    options: [
      { flags: '--address <url>', about: 'where events are sent' },
      { flags: '--name <name>', about: 'a name for people' },
      { ...events, about: 'the types of events, in place of those before' },
      { flags: '--output', about: 'events have the text of the answer, too' },
      { flags: '--without-output', about: 'events do not have it' },
      { flags: '--enable', about: 'send events again' },
      { flags: '--disable', about: 'send no events' },
    ],
    examples: [
      {
        line: "longhaul webhooks update $ENDPOINT --name shop --event 'response.*'",
        about: 'Receive all events of turns.',
      },
    ],
    load: async () => (await actions()).updateWebhook,
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
      },
    ],
    load: async () => (await actions()).rotateSecret,
  },
  {
    name: 'webhooks test',
    summary: 'Send a sample event to an endpoint',
    details:
      'It is sent once, and is no delivery. The exit code is 1 if the endpoint does not answer.',
    args: [id],
    options: [{ flags: '-e, --event <type>', about: 'the type of the event (response.completed)' }],
    examples: [
      {
        line: 'longhaul webhooks test $ENDPOINT || echo "Nobody has received it."',
        about: 'Check that an endpoint can be reached.',
      },
    ],
    load: async () => (await actions()).testWebhook,
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
      { flags: '--since <duration>', about: 'only those of the last 2h, 7d, …, or since a time' },
      ...listOptions,
    ],
    examples: [
      {
        line: 'longhaul webhooks deliveries $ENDPOINT --status failed --since 1d',
        about: 'What did not arrive.',
      },
    ],
    load: async () => (await deliveries()).showDeliveries,
  },
  {
    name: 'webhooks redeliver',
    summary: 'Send events again, whether they arrived or not',
    args: [id, { name: '<delivery...>', about: 'the ids of the deliveries' }],
    examples: [
      {
        line: 'longhaul webhooks deliveries $ENDPOINT --since 1h --ids | xargs -r longhaul webhooks redeliver $ENDPOINT',
        about: 'Send the events of the last hour again.',
      },
    ],
    load: async () => (await deliveries()).redeliver,
  },
  {
    name: 'webhooks recover',
    summary: 'Send all events of a time again that have failed, or that are missing',
    details: 'Their rate leaves room for new events.',
    args: [id],
    options: [
      { flags: '--since <duration>', about: 'the last 2h, 7d, …, or from a time on; required' },
      { flags: '--until <duration>', about: 'until then (now)' },
      {
        flags: '--missing',
        about: 'ends of turns and approvals without a delivery, because the endpoint was disabled',
      },
    ],
    examples: [
      {
        line: 'longhaul webhooks recover $ENDPOINT --since 1d',
        about: 'The receiver was away for a day.',
      },
    ],
    load: async () => (await deliveries()).recover,
  },
  {
    name: 'webhooks delete',
    summary: 'Delete an endpoint and its deliveries',
    args: [id],
    examples: [
      {
        line: 'longhaul webhooks delete $ENDPOINT --yes',
        about: 'Delete an endpoint without a question.',
      },
    ],
    load: async () => (await actions()).deleteWebhook,
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
    load: async () => (await import('../actions/webhooks/listen.ts')).listen,
  },
]
