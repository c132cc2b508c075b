/** The exit codes, which scripts may rely on. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  auth: 3,
  notFound: 4,
  timeout: 5,
  interrupted: 130,
} as const
