import type { WorkloadsParams } from '../../../../_client/api'

/** What the list of workloads is narrowed to, and its place in the address. Pure codec: what cannot be read is left out. */

export const listFilters = ['kind', 'namespace', 'status'] as const
export type ListFilter = (typeof listFilters)[number]

/** `notCurrent` stands for all but Current. */
export const statuses = ['Current', 'InProgress', 'Failed', 'Terminating', 'Unknown'] as const
const NOT_CURRENT = 'notCurrent'

export interface WorkloadFilters {
  readonly q: string
  readonly insight: boolean
  /** A namespace that starts with a minus sign is left out. */
  readonly lists: Readonly<Record<ListFilter, readonly string[]>>
}

export function parseFilters(params: URLSearchParams): WorkloadFilters {
  const list = (name: ListFilter) => [...new Set((params.get(name) ?? '').split(',').filter((one) => one !== ''))]
  const known: readonly string[] = [...statuses, NOT_CURRENT]
  return {
    q: params.get('q') ?? '',
    insight: params.get('insight') === 'true',
    lists: {
      kind: list('kind'),
      namespace: list('namespace'),
      status: list('status').filter((one) => known.includes(one)),
    },
  }
}

/** The parameter of a list; null takes it out of the address. Kinds, namespaces and states hold no commas. */
export const joinList = (items: readonly string[]): string | null => (items.length === 0 ? null : items.join(','))

export function requestParams({ q, insight, lists }: WorkloadFilters): WorkloadsParams {
  const some = (items: readonly string[]) => (items.length === 0 ? undefined : items)
  return {
    kind: some(lists.kind),
    namespace: some(lists.namespace),
    status: some(lists.status),
    insight: insight ? 'true' : undefined,
    q: q.trim() === '' ? undefined : q.trim(),
  }
}

/** The three views over the table; null when the filters are another choice. */
export type View = 'all' | 'notCurrent' | 'insight'

export function viewOf({ lists, insight }: WorkloadFilters): View | null {
  if (lists.status.length === 0) return insight ? 'insight' : 'all'
  return lists.status.length === 1 && lists.status[0] === NOT_CURRENT && !insight ? 'notCurrent' : null
}

export const viewParams: Readonly<Record<View, Readonly<Record<'status' | 'insight', string | null>>>> = {
  all: { status: null, insight: null },
  notCurrent: { status: NOT_CURRENT, insight: null },
  insight: { status: null, insight: 'true' },
}

/** Kind, namespace or text narrow what the verdict counts; status and insight only what is listed. */
export function narrows({ q, lists }: WorkloadFilters): boolean {
  return q !== '' || lists.kind.length > 0 || lists.namespace.length > 0
}

export interface ActiveFilter {
  readonly filter: ListFilter
  readonly value: string
}

/** One chip each; the states of a view stand in the switch, not in a chip. */
export function activeFilters(filters: WorkloadFilters): readonly ActiveFilter[] {
  return listFilters
    .filter((filter) => filter !== 'status' || viewOf(filters) === null)
    .map((filter) => ({ filter, value: filters.lists[filter].map(valueWords).join(', ') }))
    .filter(({ value }) => value !== '')
}

function valueWords(value: string): string {
  if (value === NOT_CURRENT) return 'not Current'
  return value.startsWith('-') ? `not ${value.slice(1)}` : value
}

/** What "clear all" takes out of the address. */
export const allFilterParams: Readonly<Record<string, null>> = {
  q: null,
  insight: null,
  kind: null,
  namespace: null,
  status: null,
}
