'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { ApiProblem, problemSentence } from '../_client/apiProblem'
import { Button } from './Button'
import { StatusMark } from './StatusMark'

/**
 * The insides of a panel or plot while there is nothing to draw. The frame, axes and title stand; these fill the
 * rest. `plot` covers a chart's area, otherwise they take a block of their own.
 */
interface Placed {
  readonly plot?: boolean | undefined
}

const LOADING_DELAY_MS = 150

/** A flat shape, and only when it takes long enough to be seen. */
export function LoadingState({ plot = false }: Placed) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), LOADING_DELAY_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="state" data-plot={plot} role="status" aria-label="Loading">
      {late && <div className="state-shape" />}
    </div>
  )
}

export interface EmptyStateProps extends Placed {
  /** What was asked: "No change in this range". */
  readonly title: string
  /** Where the nearest answer is: "The newest is from 12:21:40." */
  readonly children?: ReactNode
  readonly action?: { readonly label: string; readonly onAct: () => void } | undefined
}

export function EmptyState({ title, children, action, plot = false }: EmptyStateProps) {
  return (
    <div className="state" data-plot={plot}>
      <p>
        <b>{title}</b>
      </p>
      {children !== undefined && <p className="mid">{children}</p>}
      {action !== undefined && <Button onClick={action.onAct}>{action.label}</Button>}
    </div>
  )
}

/** Not visible from here, or it does not exist: a fact, not a failure. */
export function UnknownState({
  title,
  children,
  plot = false,
}: Placed & { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="state" data-plot={plot}>
      <p>
        <StatusMark tone="unknown" />
        <b>{title}</b>
      </p>
      {children !== undefined && <p className="mid">{children}</p>}
    </div>
  )
}

export interface FailedStateProps extends Placed {
  readonly title: string
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
}

export function FailedState({ title, error, onRetry, plot = false }: FailedStateProps) {
  return (
    <div className="state" data-plot={plot} role="alert">
      <p>
        <StatusMark tone="critical" />
        <b>{title}</b>
      </p>
      <p className="mid">{problemSentence(error)}</p>
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  )
}

/** Over old data that stays: "as of 13:58:40, retrying". */
export function StaleNote({ children }: { children: ReactNode }) {
  return <span className="stale-note">{children}</span>
}

export interface QueryStateOptions extends Placed {
  /** What failed, in words: "The change log could not be read". */
  readonly failed: string
  /** Shown instead of the data when the answer is empty. */
  readonly empty?: EmptyStateProps | undefined
  readonly isEmpty?: boolean | undefined
}

/**
 * The state that a query asks for, or null when its data can be drawn. Old data is drawn even while a refetch
 * fails: the frame says that the server is away.
 */
export function queryState(query: UseQueryResult<unknown>, options: QueryStateOptions): ReactNode {
  const { plot } = options
  if (query.data === undefined) {
    if (query.isError) {
      const { error } = query
      const uncovered = error instanceof ApiProblem && error.code === 'NOT_COVERED'
      if (uncovered) {
        return (
          <UnknownState plot={plot} title="Not recorded">
            {error.detail}
          </UnknownState>
        )
      }
      return <FailedState plot={plot} title={options.failed} error={error} onRetry={() => void query.refetch()} />
    }
    return <LoadingState plot={plot} />
  }
  if (options.isEmpty === true && options.empty !== undefined) return <EmptyState plot={plot} {...options.empty} />
  return null
}
