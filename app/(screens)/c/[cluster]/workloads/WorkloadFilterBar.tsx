'use client'

import { formatCount } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { useWorkloadSummary, type WorkloadList } from '../../../../_client/workloadQueries'
import { Chips, FilterChip } from '../../../../_ui/Chip'
import { FilterMenu, FilterValues } from '../../../../_ui/FilterMenu'
import { SearchField } from '../../../../_ui/SearchField'
import { Segmented } from '../../../../_ui/Segmented'
import type { FilterActions } from './useWorkloadFilters'
import { activeFilters, type ListFilter, statuses, type View, viewOf } from './workloadFilters'

interface FilterBarProps {
  readonly cluster: string
  readonly actions: FilterActions
  readonly list: WorkloadList | undefined
}

/** Which workloads are listed: a view by status, a text, and kinds, namespaces or states as chips. */
export function WorkloadFilterBar({ cluster, actions, list }: FilterBarProps) {
  const { filters, setList, setQuery, setView, clear } = actions
  const active = activeFilters(filters)
  const count = (value: number | undefined) => (value === undefined ? '' : ` ${formatCount(value)}`)
  const bad = list === undefined ? undefined : list.counts.total - list.counts.Current
  const views: readonly { readonly value: View; readonly label: string }[] = [
    { value: 'all', label: `All${count(list?.counts.total)}` },
    { value: 'notCurrent', label: `Not Current${count(bad)}` },
    { value: 'insight', label: `With insight${count(list?.withInsight)}` },
  ]
  return (
    <Chips>
      <Segmented<View | ''>
        label="Listed"
        value={viewOf(filters) ?? ''}
        options={views}
        onChange={(view) => view !== '' && setView(view)}
      />
      <SearchField
        label="Search the workloads"
        placeholder="Name, kind, namespace, reason"
        value={filters.q}
        onChange={setQuery}
      />
      {active.map(({ filter, value }) => (
        <FilterChip key={filter} name={filter} value={value} onRemove={() => setList(filter, [])} />
      ))}
      <FilterMenu
        dimensions={[
          { id: 'namespace', words: 'namespace', body: () => <Counted {...{ cluster, actions }} name="namespace" /> },
          { id: 'kind', words: 'kind', body: () => <Counted {...{ cluster, actions }} name="kind" /> },
          { id: 'status', words: 'status', body: () => <Statuses actions={actions} /> },
        ]}
      />
      {active.length + (filters.q === '' ? 0 : 1) > 1 && (
        <button type="button" className="link text-xs" onClick={clear}>
          Clear all
        </button>
      )}
    </Chips>
  )
}

interface CountedProps {
  readonly cluster: string
  readonly actions: FilterActions
  readonly name: Exclude<ListFilter, 'status'>
}

function Counted({ cluster, actions, name }: CountedProps) {
  const { params } = useRange()
  const summary = useWorkloadSummary(cluster, { by: name, ...params })
  const values = (summary.data?.groups ?? [])
    .flatMap(({ label, counts }) => (label === null ? [] : [{ value: label, note: formatCount(counts.total) }]))
    .sort((a, b) => a.value.localeCompare(b.value))
  return (
    <FilterValues
      words={name}
      chosen={actions.filters.lists[name]}
      onChange={(chosen) => actions.setList(name, chosen)}
      values={values}
      loading={summary.isPending}
    />
  )
}

function Statuses({ actions }: { actions: FilterActions }) {
  return (
    <FilterValues
      words="status"
      chosen={actions.filters.lists.status}
      onChange={(chosen) => actions.setList('status', chosen)}
      values={statuses.map((value) => ({ value }))}
    />
  )
}
