'use client'

import { useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { writeParams } from '../../../../_client/useUrlState'
import {
  allFilterParams,
  joinList,
  type ListFilter,
  parseFilters,
  type View,
  viewParams,
  type WorkloadFilters,
} from './workloadFilters'

export interface FilterActions {
  readonly filters: WorkloadFilters
  readonly setList: (name: ListFilter, items: readonly string[]) => void
  readonly setQuery: (text: string) => void
  readonly setView: (view: View) => void
  readonly clear: () => void
}

/** The filters of the address and the ways to change them. Typing in the search leaves no steps to go back through. */
export function useWorkloadFilters(): FilterActions {
  const text = useSearchParams().toString()
  const filters = useMemo(() => parseFilters(new URLSearchParams(text)), [text])
  return {
    filters,
    setList: (name, items) => writeParams({ [name]: joinList(items) }, 'push'),
    setQuery: (value) => writeParams({ q: value === '' ? null : value }, 'replace'),
    setView: (view) => writeParams({ ...viewParams[view] }, 'push'),
    clear: () => writeParams({ ...allFilterParams }, 'push'),
  }
}
