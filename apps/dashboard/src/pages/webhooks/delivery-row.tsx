import type { DeliverySummary } from '@longhaul/client'
import { type ReactNode, useState } from 'react'
import { counted } from '../../data/format.ts'
import { lookOfDelivery } from '../../data/webhooks.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment, useNow } from '../../parts/moment.tsx'
import { DeliveryDetail } from './delivery-detail.tsx'

type Options = { delivery: DeliverySummary; children?: ReactNode }

/** A delivery; it opens to its attempts. `children` says where it goes, where that differs. */
export function DeliveryRow({ delivery, children }: Options) {
  const { type, status, created, attempt_count: attempts, next_attempt_at: next } = delivery
  const [isOpen, setOpen] = useState(false)
  const [label, tone] = lookOfDelivery(status)
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        className="grid w-full items-center gap-x-4 gap-y-1 px-4 py-2.5 text-left hover:bg-sunken md:grid-cols-[7rem_minmax(0,1fr)_minmax(0,1fr)_7rem]"
        onClick={() => setOpen(!isOpen)}
      >
        <span>
          <Badge tone={tone} label={label} />
        </span>
        <span className="min-w-0">
          <span className="task-text block truncate font-mono text-xs font-semibold">{type}</span>
          {children}
        </span>
        <span className="text-soft tabular-nums">
          {counted(attempts, 'attempt')}
          {status === 'pending' && next !== undefined && <NextAttempt at={next} />}
        </span>
        <span className="text-soft md:text-right">
          <Moment at={created} />
        </span>
      </button>
      {isOpen && <DeliveryDetail endpoint={delivery.webhook_id} id={delivery.id} />}
    </li>
  )
}

function NextAttempt({ at }: { at: string }) {
  const now = useNow()
  return Date.parse(at) > now ? (
    <>
      , next <Moment at={at} />
    </>
  ) : (
    <>, due now</>
  )
}
