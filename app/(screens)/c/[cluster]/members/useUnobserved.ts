'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { MemberState } from '../../../../../lib/contract'
import type { ChartGap } from '../../../../_charts/prepareSeries'
import { useSame } from '../../../../_charts/useSame'
import { useRange } from '../../../../_client/range'
import { unobserved } from './prepareStates'

/** The gaps of everything that is measured at the members, within the page's range. */
export function useUnobserved(states: UseQueryResult<MemberState[]>): readonly ChartGap[] {
  const { span } = useRange()
  const { data, dataUpdatedAt: askedMs } = states
  // What was not asked yet is not unobserved: the last gap ends where the answer does.
  return useSame(useMemo(() => unobserved(data, span, askedMs), [data, span, askedMs]))
}
