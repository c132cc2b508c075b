import type { Check } from './check-function.ts'

/** A call that must not be repeated when its outcome is unknown reaches its service at most once. */
export const checkEffects: Check = ({ script }, { served }) => {
  const orders = script.steps.flatMap(({ calls }) => calls.filter(({ tool }) => tool === 'order'))
  return orders.flatMap(({ id }) => {
    const times = served.filter(({ callId }) => callId === id).length
    return times <= 1 ? [] : [`order ${id} was sent ${times} times`]
  })
}
