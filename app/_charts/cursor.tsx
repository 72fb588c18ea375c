'use client'

import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from 'react'

/**
 * One hair-line over the ruler and all charts of a screen. It lives outside React's state, so that moving the
 * pointer re-renders only lines and legends, never a chart.
 */
export class CursorStore {
  #ms: number | null = null
  readonly #listeners = new Set<() => void>()

  readonly get = (): number | null => this.#ms

  readonly set = (ms: number | null): void => {
    if (ms === this.#ms) return
    this.#ms = ms
    for (const listener of this.#listeners) listener()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

const CursorContext = createContext(new CursorStore())

export function CursorProvider({ children }: { children: ReactNode }) {
  const [store] = useState(() => new CursorStore())
  return <CursorContext value={store}>{children}</CursorContext>
}

export function useCursorStore(): CursorStore {
  return useContext(CursorContext)
}

const nowhere = () => null

/** The moment under the pointer, or null. Re-renders its caller with each move. */
export function useCursor(): number | null {
  const store = useCursorStore()
  return useSyncExternalStore(store.subscribe, store.get, nowhere)
}
