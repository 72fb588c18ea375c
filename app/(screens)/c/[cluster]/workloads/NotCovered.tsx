'use client'

import { ApiProblem } from '../../../../_client/apiProblem'
import { formatMoment } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { MIN_SPAN_MS } from '../../../../_client/urlState'
import { useUrlState } from '../../../../_client/useUrlState'
import { Button } from '../../../../_ui/Button'
import { UnknownState } from '../../../../_ui/States'

export const isNotCovered = (error: unknown): error is ApiProblem =>
  error instanceof ApiProblem && error.code === 'NOT_COVERED'

/** The record does not hold this moment: says so, and leads to the nearest range that it does hold. */
export function NotCovered({ problem }: { problem: ApiProblem }) {
  const [, update] = useUrlState()
  const { nowMs } = useRange()
  const { nearest } = problem
  const fromMs = nearest?.from == null ? null : Date.parse(nearest.from)
  const toMs = nearest?.to == null ? null : Date.parse(nearest.to)
  return (
    <UnknownState title="Not recorded">
      <span className="not-covered-words">{problem.detail}</span>
      {fromMs !== null && toMs !== null && (
        <Button
          icon="clock"
          onClick={() =>
            update({
              range: { kind: 'absolute', fromMs, toMs: Math.max(toMs, fromMs + MIN_SPAN_MS) },
              zoom: null,
              pausedAtMs: null,
            })
          }
        >
          Show {formatMoment(fromMs, nowMs)} to {formatMoment(toMs, nowMs)}
        </Button>
      )}
    </UnknownState>
  )
}
