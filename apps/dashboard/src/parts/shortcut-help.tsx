import { Dialog } from './dialog.tsx'

const shortcuts: [keys: string, what: string][] = [
  ['/', 'Search and filter'],
  ['j / k', 'Next or previous row'],
  ['Enter', 'Open the row'],
  ['x', 'Select the row'],
  ['g t', 'Tasks'],
  ['g i', 'Inbox'],
  ['g f', 'Failures'],
  ['g o', 'Overview'],
  ['g a', 'Agents'],
  ['g s', 'Schedules'],
  ['g w', 'Webhooks'],
  ['g l', 'Limits'],
  ['a / r / e', 'Inbox: approve, reject, edit the arguments'],
  ['f', 'Waterfall: true scale, or long waits folded'],
  ['Escape', 'Leave a field, whole waterfall, or close'],
  ['?', 'This list'],
]

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
        {shortcuts.map(([keys, what]) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="rounded border border-line bg-sunken px-1.5 py-0.5 text-xs">
                {keys}
              </kbd>
            </dt>
            <dd className="text-soft">{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
