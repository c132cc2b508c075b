import { Component, type ReactNode } from 'react'
import { EmptyState } from './empty-state.tsx'

type Options = { children: ReactNode }

/** Shows what failed in place of a page, so that the navigation stays. */
export class PageBoundary extends Component<Options, { error?: unknown }> {
  override state: { error?: unknown } = {}

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <EmptyState title="This page cannot be shown">
        {error instanceof Error ? error.message.slice(0, 300) : 'Something has failed.'}{' '}
        <button type="button" className="underline" onClick={() => location.reload()}>
          Load it again
        </button>
      </EmptyState>
    )
  }
}
