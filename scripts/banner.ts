type Options = {
  url: string
  key: string
  dashboardUrl: string
  redisUrl: string
  seconds: string
}

/** The text after the start: the address, the key, and the three commands that a new user wants next. */
export const banner = ({ url, key, dashboardUrl, redisUrl, seconds }: Options) => `
Longhaul is ready (${seconds} s). Ctrl-C stops all of it.

  Dashboard, signed in (the link works once, for 5 minutes):

  ${dashboardUrl}

  URL      ${url}
  API key  ${key}
  Redis    ${redisUrl}
  Logs     .data/api.log  .data/worker.log

In a second shell, in this folder:

  ./longhaul run demo "What is the date today?"
  ./longhaul tasks list
  ./longhaul --help
`
