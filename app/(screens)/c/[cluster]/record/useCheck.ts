'use client'

import { useEffect, useRef, useState } from 'react'
import { api } from '../../../../_client/api'
import type { VerifyAnswer } from './prepareRecord'

type State =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly elapsedMs: number }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'done'; readonly answer: VerifyAnswer; readonly asked: boolean }

export type Check = State & {
  /** `head`: one that was written down earlier; empty for none. */
  readonly start: (head: string) => void
  readonly cancel: () => void
}

const TICK_MS = 500

/** One check of the record at a time; leaving the page ends it, on the server too. */
export function useCheck(cluster: string): Check {
  const [state, setState] = useState<State>({ state: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const isRunning = state.state === 'running'
  useEffect(() => {
    if (!isRunning) return
    const startedMs = performance.now()
    const timer = setInterval(
      () =>
        setState((now) =>
          now.state === 'running' ? { state: 'running', elapsedMs: performance.now() - startedMs } : now,
        ),
      TICK_MS,
    )
    return () => clearInterval(timer)
  }, [isRunning])

  const cancel = () => {
    running.current?.abort()
    setState({ state: 'idle' })
  }
  const start = (head: string) => {
    running.current?.abort()
    const own = new AbortController()
    running.current = own
    setState({ state: 'running', elapsedMs: 0 })
    const settle = (next: State) => {
      if (!own.signal.aborted) setState(next)
    }
    api.verify(cluster, head, own.signal).then(
      (answer) => settle({ state: 'done', answer, asked: head !== '' }),
      (error: unknown) => settle({ state: 'failed', error }),
    )
  }
  return { ...state, start, cancel }
}
