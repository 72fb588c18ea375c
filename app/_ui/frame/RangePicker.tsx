'use client'

import { Popover } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { formatMoment } from '../../_client/format'
import { useRange } from '../../_client/range'
import { durationLabel, MIN_SPAN_MS, offeredDurations, type UrlState } from '../../_client/urlState'
import { useUrlState } from '../../_client/useUrlState'
import { Button } from '../Button'
import { Icon } from '../Icon'

export function rangeLabel(state: UrlState, nowMs: number): string {
  const span = state.zoom ?? (state.range.kind === 'absolute' ? state.range : null)
  if (span === null) return state.range.kind === 'relative' ? durationLabel(state.range.duration) : ''
  const short = (ms: number) => formatMoment(ms, nowMs).replace(/^(\d\d:\d\d):00$/, '$1')
  return `${short(span.fromMs)} to ${short(span.toMs)}`
}

/** Relative ranges by a click, absolute ones by two fields; a zoom can be left here too. */
export function RangePicker() {
  const [state, update] = useUrlState()
  const range = useRange()
  const [open, setOpen] = useState(false)
  const choose = (change: Partial<UrlState>) => {
    update({ zoom: null, ...change })
    setOpen(false)
  }
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button type="button" className="btn range-btn" data-tone="plain" suppressHydrationWarning>
          <Icon name="clock" size={14} />
          <span className="range-long" suppressHydrationWarning>
            {rangeLabel(state, range.nowMs)}
          </span>
          <span className="range-short" aria-hidden="true" suppressHydrationWarning>
            {state.zoom === null && state.range.kind === 'relative'
              ? state.range.duration
              : rangeLabel(state, range.nowMs)}
          </span>
          <Icon name="down" size={14} />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="menu range-menu" align="end" sideOffset={4} collisionPadding={8} aria-label="Range">
          {state.zoom !== null && (
            <button type="button" className="menu-item" onClick={() => choose({})}>
              Leave the zoom
            </button>
          )}
          {offeredDurations.map((duration) => (
            <button
              key={duration}
              type="button"
              className="menu-item"
              aria-pressed={state.range.kind === 'relative' && state.range.duration === duration}
              onClick={() => choose({ range: { kind: 'relative', duration } })}
            >
              {durationLabel(duration)}
            </button>
          ))}
          <AbsoluteRange
            span={range.span}
            onChoose={(fromMs, toMs) => choose({ range: { kind: 'absolute', fromMs, toMs }, pausedAtMs: null })}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** What `<input type="datetime-local">` takes: local time, to the second. */
function fieldText(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19)
}

interface AbsoluteProps {
  readonly span: { readonly fromMs: number; readonly toMs: number }
  readonly onChoose: (fromMs: number, toMs: number) => void
}

function AbsoluteRange({ span, onChoose }: AbsoluteProps) {
  const [from, setFrom] = useState(() => fieldText(span.fromMs))
  const [to, setTo] = useState(() => fieldText(span.toMs))
  const fromMs = Date.parse(from)
  const toMs = Date.parse(to)
  const valid = toMs - fromMs >= MIN_SPAN_MS
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (valid) onChoose(fromMs, toMs)
  }
  return (
    <form className="range-form" onSubmit={submit}>
      <label>
        From
        <input type="datetime-local" step="1" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label>
        To
        <input type="datetime-local" step="1" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <Button type="submit" tone="ink" disabled={!valid}>
        Show
      </Button>
      {!valid && <p className="dim">The end must be after the start.</p>}
    </form>
  )
}
