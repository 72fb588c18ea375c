'use client'

import { useMemo } from 'react'
import type { Change } from '../../../../../../lib/contract'
import { useUrlParam, writeParams } from '../../../../../_client/useUrlState'
import { changeIdText } from '../changeId'
import { chosenEnds, type End, type Ends } from './prepareVersions'

export interface EndsChoice {
  readonly ends: Ends
  /** From and To keep their order: setting one past the other moves the other along. */
  readonly set: (end: End, version: Change, entry?: 'push' | 'replace') => void
  readonly setBoth: (ends: Ends) => void
}

/** The two versions compared, from the address and back into it. */
export function useEnds(versions: readonly Change[], newestEpoch: number): EndsChoice {
  const [fromText] = useUrlParam('from')
  const [toText] = useUrlParam('to')
  const ends = useMemo(
    () => chosenEnds(versions, fromText, toText, newestEpoch),
    [versions, fromText, toText, newestEpoch],
  )
  const text = (version: Change | null) =>
    version === null ? null : changeIdText({ ...version, ordinal: 0 }, newestEpoch)
  const write = (from: Change | null, to: Change | null, entry: 'push' | 'replace') =>
    writeParams({ from: text(from), to: text(to) }, entry)
  return {
    ends,
    set: (end, version, entry = 'replace') => {
      const at = versions.indexOf(version)
      if (end === 'to') {
        const fromAt = ends.from === null ? -1 : versions.indexOf(ends.from)
        write(fromAt > at ? ends.from : (versions[at + 1] ?? null), version, entry)
        return
      }
      const toAt = ends.to === null ? -1 : versions.indexOf(ends.to)
      write(version, toAt !== -1 && toAt < at ? ends.to : (versions[Math.max(0, at - 1)] ?? null), entry)
    },
    setBoth: ({ from, to }) => write(from, to, 'push'),
  }
}
