type Options = {
  url: string
  key: string
  dashboardUrl: string
  redisUrl: string
  seconds: string
}

/** The text after the start: the address, the key, and commands to paste into a shell. */
export const banner = ({ url, key, dashboardUrl, redisUrl, seconds }: Options) => {
  const endpoint = `${url}/v2/agents/demo/responses`
  const auth = `-H 'Authorization: Bearer ${key}'`
  const post = (fields: string) =>
    `${endpoint} ${auth} -H 'Content-Type: application/json' -d '{${message}${fields}}'`
  return `
Longhaul is ready (${seconds} s). Ctrl-C stops all of it.

  Dashboard, signed in (the link works once, for 5 minutes):

  ${dashboardUrl}

  URL      ${url}
  API key  ${key}
  Redis    ${redisUrl}
  Logs     .data/api.log  .data/worker.log

Run a task in the background, and keep its id:

  TASK_ID=$(curl -s ${post(', "background": true')} | sed -n 's/.*"task_id": *"\\([^"]*\\)".*/\\1/p'); echo "$TASK_ID"

See how it is doing:

  curl -s ${endpoint}/$TASK_ID ${auth}; echo

Watch one while it runs:

  curl -N -s ${post(', "stream": true')}

Wait for the answer:

  curl -s ${post('')}; echo
`
}

const message =
  '"message": {"role": "user", "parts": [{"kind": "text", "text": "What is the date today?"}]}'
