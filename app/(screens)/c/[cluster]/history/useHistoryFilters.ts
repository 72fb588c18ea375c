'use client'

import { useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { writeParams } from '../../../../_client/useUrlState'
import { allFilterParams, type FilterName, type HistoryFilters, joinList, parseFilters } from './historyFilters'

export interface FilterActions {
  readonly filters: HistoryFilters
  readonly setList: (name: FilterName, items: readonly string[]) => void
  readonly setText: (name: FilterName, text: string) => void
  readonly setQuery: (text: string) => void
  readonly setNoise: (on: boolean) => void
  readonly clear: () => void
}

/** The filters of the address and the ways to change them. Typing in the search leaves no steps to go back through. */
export function useHistoryFilters(): FilterActions {
  const text = useSearchParams().toString()
  const filters = useMemo(() => parseFilters(new URLSearchParams(text)), [text])
  return {
    filters,
    setList: (name, items) => writeParams({ [name]: joinList(items) }, 'push'),
    setText: (name, value) => writeParams({ [name]: value === '' ? null : value }, 'push'),
    setQuery: (value) => writeParams({ q: value === '' ? null : value }, 'replace'),
    setNoise: (on) => writeParams({ noise: on ? '1' : null }, 'push'),
    clear: () => writeParams({ ...allFilterParams }, 'push'),
  }
}
