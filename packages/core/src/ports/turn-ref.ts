/** One turn of one task. */
export type TurnRef = { taskId: string; turn: number }

/** Where a turn begins: its time, its number among the task's entries, and its number in the log. */
export type TakenTurn = { turn: number; startedAt: number; pos: number; fact: number }
