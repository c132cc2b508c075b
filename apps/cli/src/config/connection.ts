/** The server to talk to, and where its address and its keys come from. */
export type Connection = {
  url: string
  urlFrom: string
  key?: string
  keyFrom?: string
  operatorKey?: string
}
