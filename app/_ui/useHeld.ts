'use client'

import { useMemo, useRef, useState } from 'react'
import { holdBack, holdPlaces } from './table'

/** What a live table does while a reader points at it: see table.ts, which decides. */

/** Keeps new rows back while the table is pointed at, focused or scrolled. */
export function useHeld<T>(rows: readonly T[], keyOf: (row: T) => string, on: boolean) {
  const [firstKey, setFirstKey] = useState<string | null>(null)
  const pointed = useRef(false)
  const focused = useRef(false)
  const held = on ? holdBack(rows, keyOf, firstKey) : { shown: rows, waiting: 0 }
  const first = held.shown[0]
  const hold = () => setFirstKey((key) => key ?? (first === undefined ? null : keyOf(first)))
  const letGo = () => {
    if (!pointed.current && !focused.current) setFirstKey(null)
  }
  const watch = on
    ? {
        onPointerEnter: () => {
          pointed.current = true
          hold()
        },
        onPointerLeave: () => {
          pointed.current = false
          letGo()
        },
        onFocus: () => {
          focused.current = true
          hold()
        },
        onBlur: () => {
          focused.current = false
          letGo()
        },
      }
    : {}
  const release = () => {
    const newest = rows[0]
    setFirstKey(pointed.current && newest !== undefined ? keyOf(newest) : null)
  }
  return { ...held, release, watch }
}

/** Keeps every row in its place meanwhile. `list` names what is listed: another name lets go; null never holds. */
export function usePlaces<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  rankOf: (row: T) => number,
  list: string | null,
) {
  const [kept, setKept] = useState<{ readonly list: string; readonly rows: readonly T[] } | null>(null)
  const pointed = useRef(false)
  const focused = useRef(false)
  const places = kept !== null && kept.list === list ? kept.rows : null
  const held = useMemo(() => holdPlaces(rows, keyOf, rankOf, places), [rows, keyOf, rankOf, places])
  if (list === null) return { ...held, release: () => {}, watch: {} }
  const hold = () => {
    if (places === null) setKept({ list, rows })
  }
  const letGo = () => {
    if (!pointed.current && !focused.current) setKept(null)
  }
  const watch = {
    onPointerMove: () => {
      pointed.current = true
      hold()
    },
    onPointerLeave: () => {
      pointed.current = false
      letGo()
    },
    onFocus: () => {
      focused.current = true
      hold()
    },
    onBlur: () => {
      focused.current = false
      letGo()
    },
  }
  return { ...held, release: () => setKept(null), watch }
}
