/** Registers what must be undone; the last is undone first. */
export type AtEnd = (step: () => unknown) => void
