/** One turn of one task. */
export type TurnRef = { taskId: string; turn: number }

/** Where a turn begins: when, in the task's numbers, and in its log. */
export type TakenTurn = { turn: number; startedAt: number; pos: number; fact: number }
