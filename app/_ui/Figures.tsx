'use client'

import { Fragment, useSyncExternalStore } from 'react'
import {
  digitGroups,
  exactBytes,
  exactMoment,
  exactNumber,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatMoment,
  formatSecond,
  formatSpan,
} from '../_client/format'

/** Figures in running text and cells: people's units, the exact value on hover; unknown stays unknown. */

const Unknown = () => <span className="dim">unknown</span>

export function Bytes({ value }: { value: number | null }) {
  if (value === null) return <Unknown />
  return <span title={exactBytes(value)}>{formatBytes(value)}</span>
}

export function Count({ value }: { value: number | null }) {
  if (value === null) return <Unknown />
  return <span title={exactNumber(value)}>{formatCount(value)}</span>
}

export function Duration({ ms }: { ms: number | null }) {
  if (ms === null) return <Unknown />
  return <span title={`${exactNumber(ms)} ms`}>{formatDuration(ms)}</span>
}

/** All digits, grouped by margin: copying gives plain digits. */
export function Revision({ value }: { value: string | null }) {
  if (value === null) return <Unknown />
  return (
    <span className="rev">
      {digitGroups(value).map((group, index) => (
        <Fragment key={index}>{index === 0 ? group : <i>{group}</i>}</Fragment>
      ))}
    </span>
  )
}

const neverChanges = () => () => {}

/** False on the server and in the first client render: the server's time zone is not the reader's. */
function useInBrowser(): boolean {
  return useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  )
}

export interface TimeProps {
  /** RFC 3339. */
  readonly value: string | null
  /** clock: 14:02:11. moment, second: with the day when it is not today's, to the minute or second. ago: 41 min. */
  readonly as?: 'clock' | 'moment' | 'second' | 'ago'
  /** The page's clock, for `ago`: from useRange(). */
  readonly nowMs?: number
}

/** Local time, UTC and milliseconds on hover. */
export function Time({ value, as = 'moment', nowMs }: TimeProps) {
  const inBrowser = useInBrowser()
  if (value === null) return <Unknown />
  const ms = Date.parse(value)
  const now = nowMs ?? (inBrowser ? Date.now() : ms)
  const text =
    as === 'clock'
      ? formatClock(ms)
      : as === 'ago'
        ? formatSpan(Math.max(0, now - ms))
        : as === 'second'
          ? formatSecond(ms, now)
          : formatMoment(ms, now)
  return (
    <time dateTime={value} title={inBrowser ? exactMoment(ms) : undefined}>
      {inBrowser ? text : ''}
    </time>
  )
}
