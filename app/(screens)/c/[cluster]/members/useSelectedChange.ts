'use client'

import { useQuery } from '@tanstack/react-query'
import type { LeaderChange } from '../../../../../lib/contract'
import { leaderChangesQuery, useLeaderChanges } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'

export interface SelectedChange {
  readonly term: string | null
  readonly change: LeaderChange | null
  /** Neither the range nor the whole record knows this term. */
  readonly missing: boolean
  readonly error: unknown
}

/** Leader changes are few: the whole record is asked only when a link points outside the range on show. */
const WHOLE_RECORD = { from: '-3650d', to: 'now' } as const

/** The leader change that the address names by its term, wherever in the record it lies. */
export function useSelectedChange(cluster: string, term: string | null): SelectedChange {
  const { outerParams } = useRange()
  const near = useLeaderChanges(cluster, outerParams)
  const here = near.data?.find((change) => change.term === term) ?? null
  const far = useQuery({
    ...leaderChangesQuery(cluster, WHOLE_RECORD),
    enabled: term !== null && near.data !== undefined && here === null,
  })
  const change = here ?? (term === null ? null : (far.data?.find((one) => one.term === term) ?? null))
  return { term, change, missing: change === null && far.data !== undefined, error: near.error ?? far.error }
}
