'use client'

import { type FormEvent, useState } from 'react'
import type { Cluster } from '../../../../../lib/contract'
import { formatMoment } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { Button } from '../../../../_ui/Button'
import { Revision } from '../../../../_ui/Figures'
import { type Moment, momentAt, now, readMoment } from './prepareMoment'
import type { ShownMoment } from './useMoment'

interface MomentMenuProps {
  readonly cluster: Cluster | undefined
  readonly shown: ShownMoment
  readonly onChoose: (moment: Moment) => void
}

const GAPS_SHOWN = 3

/** Now, a revision or time typed in, the ends of the page's range, and what is not recorded. */
export function MomentMenu({ cluster, shown, onChoose }: MomentMenuProps) {
  const { span, following, nowMs } = useRange()
  const [typed, setTyped] = useState(shown.moment.kind === 'revision' ? shown.moment.revision : '')
  const read = readMoment(typed, nowMs)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (read !== null) onChoose(read)
  }
  const gaps = (cluster?.gaps ?? []).filter((gap) => gap.epoch === cluster?.epoch).slice(-GAPS_SHOWN)
  return (
    <>
      <form className="moment-form" onSubmit={submit}>
        <label htmlFor="moment-typed">A revision or a time</label>
        <div>
          <span className="field">
            <input
              id="moment-typed"
              value={typed}
              placeholder="12001, 13:20:41, 10 min ago"
              autoComplete="off"
              aria-describedby="moment-read"
              onChange={(event) => setTyped(event.target.value)}
            />
          </span>
          <Button type="submit" tone="ink" disabled={read === null}>
            Show
          </Button>
        </div>
        <p id="moment-read" className="dim" role="status">
          {readWords(read, typed, nowMs)}
        </p>
      </form>
      <Choice pressed={shown.moment.kind === 'now'} onChoose={() => onChoose(now)} name="Now">
        <Revision value={cluster?.storedRevision ?? null} />
      </Choice>
      <TimeChoice name="Start of the range" ms={span.fromMs} shown={shown} onChoose={onChoose} nowMs={nowMs} />
      {!following && (
        <TimeChoice name="End of the range" ms={span.toMs} shown={shown} onChoose={onChoose} nowMs={nowMs} />
      )}
      {gaps.length > 0 && (
        <div className="moment-gaps">
          <h3>Not recorded</h3>
          {gaps.map((gap) => (
            <p key={gap.fromRevision}>
              <Revision value={gap.fromRevision} /> to <Revision value={gap.toRevision} />
              <small>{gap.reason}</small>
            </p>
          ))}
        </div>
      )}
    </>
  )
}

function readWords(read: Moment | null, typed: string, nowMs: number): string {
  if (typed.trim() === '') return 'Also: now, 2025-11-22 13:20'
  if (read === null) return 'Neither a revision nor a time'
  if (read.kind === 'now') return 'Now'
  return read.kind === 'revision' ? `Revision ${read.revision}` : `At ${formatMoment(read.ms, nowMs)}, local time`
}

interface ChoiceProps {
  readonly name: string
  readonly pressed: boolean
  readonly onChoose: () => void
  readonly children: React.ReactNode
}

function Choice({ name, pressed, onChoose, children }: ChoiceProps) {
  return (
    <button type="button" className="menu-item" aria-pressed={pressed} onClick={onChoose}>
      <span>{name}</span>
      <small>{children}</small>
    </button>
  )
}

interface TimeChoiceProps {
  readonly name: string
  readonly ms: number
  readonly nowMs: number
  readonly shown: ShownMoment
  readonly onChoose: (moment: Moment) => void
}

function TimeChoice({ name, ms, nowMs, shown, onChoose }: TimeChoiceProps) {
  const moment: Moment = { kind: 'time', ms: Math.round(ms) }
  return (
    <Choice name={name} pressed={momentAt(moment) === shown.at} onChoose={() => onChoose(moment)}>
      {formatMoment(ms, nowMs)}
    </Choice>
  )
}
