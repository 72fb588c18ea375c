'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCluster } from '../../../../_client/queries'
import { useUrlParam } from '../../../../_client/useUrlState'
import { changeBefore, changeFrom } from './keysQueries'
import { type Moment, momentAt, now, parseMoment } from './prepareMoment'

export interface ShownMoment {
  readonly moment: Moment
  /** As the API takes it. */
  readonly at: string
  /** Newest recorded revision at the moment, and when it was written; null while not known. */
  readonly revision: string | null
  readonly writtenAt: string | null
  readonly set: (moment: Moment) => void
}

/** The chosen moment, from a parameter of the address, and what the record knows of it. */
export function useMoment(cluster: string, name = 'at'): ShownMoment {
  const [param, setParam] = useUrlParam(name)
  const moment = parseMoment(param)
  const at = momentAt(moment)
  const known = useCluster(cluster)
  const bound = moment.kind === 'revision' ? { toRevision: moment.revision } : { to: at }
  const written = useQuery({
    queryKey: ['moment', cluster, 'written', at],
    queryFn: ({ signal }) => changeBefore(cluster, bound, {}, signal),
    enabled: moment.kind !== 'now',
    staleTime: 30_000,
  })
  const change = moment.kind === 'now' ? null : (written.data ?? null)
  const revision =
    moment.kind === 'now'
      ? (known.data?.storedRevision ?? null)
      : moment.kind === 'revision'
        ? moment.revision
        : (change?.revision ?? null)
  return {
    moment,
    at,
    revision,
    writtenAt: change?.at ?? null,
    set: (next) => setParam(next.kind === 'now' && name === 'at' ? null : momentAt(next)),
  }
}

export type Direction = 'back' | 'forward'

/**
 * One step: to the state before the newest change at the moment, or to the next change after it; with a prefix, only
 * changes under it count. Behind the newest change comes now.
 */
export function useSteps(cluster: string, shown: ShownMoment, prefix: string) {
  const [note, setNote] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const find = async (direction: Direction, revision: string): Promise<Moment | string> => {
    if (direction === 'forward') {
      const next = await changeFrom(cluster, String(BigInt(revision) + 1n), { prefix })
      return next === null ? now : { kind: 'revision', revision: next.revision }
    }
    const last = await changeBefore(cluster, { toRevision: revision }, { prefix })
    const before =
      last === null ? null : await changeBefore(cluster, { toRevision: String(BigInt(last.revision) - 1n) }, { prefix })
    return before === null ? 'Nothing older is recorded' : { kind: 'revision', revision: before.revision }
  }
  const step = async (direction: Direction) => {
    if (shown.revision === null || busy) return
    setBusy(true)
    setNote(null)
    try {
      const found = await find(direction, shown.revision)
      if (typeof found === 'string') setNote(found)
      else shown.set(found)
    } catch {
      setNote('The record does not answer')
    } finally {
      setBusy(false)
    }
  }
  return { step: (direction: Direction) => void step(direction), note, busy }
}
