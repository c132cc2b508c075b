export function whyIncomplete(root: string, project?: string): string | undefined
export function storeOf(root: string): string | undefined
