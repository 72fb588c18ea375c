'use client'

import { useEffect, useMemo, useState } from 'react'
import type { Change } from '../../../../../../lib/contract'
import { useUrlParam, writeParams } from '../../../../../_client/useUrlState'
import { changeIdText } from '../changeId'
import { chosenEnds, type End, type Ends } from './prepareVersions'

export interface EndsChoice {
  /** Where the handles stand, at once. */
  readonly ends: Ends
  /** What is compared: the address's, so that a drag over a hundred versions asks for one comparison. */
  readonly compared: Ends
  /** From and To keep their order: setting one past the other moves the other along. */
  readonly set: (end: End, version: Change, entry?: 'push' | 'replace') => void
  /** Moves a handle without writing the address. */
  readonly preview: (end: End, version: Change) => void
  /** Writes what the preview shows. */
  readonly settle: () => void
  readonly setBoth: (ends: Ends) => void
}

interface Texts {
  readonly from: string | null
  readonly to: string | null
}

/** The two versions compared, from the address and back into it. */
export function useEnds(versions: readonly Change[], newestEpoch: number): EndsChoice {
  const [from] = useUrlParam('from')
  const [to] = useUrlParam('to')
  const [ahead, setAhead] = useState<Texts | null>(null)
  // The address has caught up, or went elsewhere: it is the truth again.
  useEffect(() => setAhead(null), [from, to])
  const compared = useMemo(() => chosenEnds(versions, from, to, newestEpoch), [versions, from, to, newestEpoch])
  const ends = useMemo(
    () => (ahead === null ? compared : chosenEnds(versions, ahead.from, ahead.to, newestEpoch)),
    [versions, ahead, compared, newestEpoch],
  )
  const text = (version: Change | null) =>
    version === null ? null : changeIdText({ ...version, ordinal: 0 }, newestEpoch)
  const textsOf = (pair: Pick<Ends, 'from' | 'to'>): Texts => ({ from: text(pair.from), to: text(pair.to) })
  const write = (texts: Texts, entry: 'push' | 'replace') => {
    setAhead(texts.from === from && texts.to === to ? null : texts)
    writeParams({ ...texts }, entry)
  }
  const withEnd = (end: End, version: Change): Texts => {
    const at = versions.indexOf(version)
    if (end === 'to') {
      const fromAt = ends.from === null ? -1 : versions.indexOf(ends.from)
      return textsOf({ from: fromAt > at ? ends.from : (versions[at + 1] ?? null), to: version })
    }
    const toAt = ends.to === null ? -1 : versions.indexOf(ends.to)
    const newer = toAt !== -1 && toAt < at ? ends.to : (versions[Math.max(0, at - 1)] ?? null)
    return textsOf({ from: version, to: newer })
  }
  return {
    ends,
    compared,
    set: (end, version, entry = 'replace') => write(withEnd(end, version), entry),
    preview: (end, version) => setAhead(withEnd(end, version)),
    settle: () => {
      if (ahead !== null) write(ahead, 'replace')
    },
    setBoth: (pair) => write(textsOf(pair), 'push'),
  }
}
