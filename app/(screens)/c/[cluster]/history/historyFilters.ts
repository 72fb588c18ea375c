import type { ChangesParams, KeyName } from '../../../../_client/api'

/**
 * What the change log is narrowed to, and its place in the address. Pure codec: what cannot be read is left out,
 * never an error, because people edit links.
 */

export const listFilters = ['resource', 'namespace', 'manager', 'op', 'significance'] as const
export type ListFilter = (typeof listFilters)[number]
export const textFilters = ['name', 'prefix', 'key', 'keyBase64'] as const
export type TextFilter = (typeof textFilters)[number]
export type FilterName = ListFilter | TextFilter

export interface HistoryFilters {
  readonly q: string
  readonly lists: Readonly<Record<ListFilter, readonly string[]>>
  readonly texts: Readonly<Record<TextFilter, string>>
  /** Heartbeats and status writes were asked for. */
  readonly noise: boolean
}

/** The values that an operation or a significance may have; any other in a link is left out. */
export const closedValues = {
  op: ['create', 'update', 'delete'],
  significance: ['spec', 'metadata', 'status', 'heartbeat', 'none'],
} as const satisfies Partial<Record<ListFilter, readonly string[]>>

const meaningful = ['spec', 'metadata'] as const

export function parseFilters(params: URLSearchParams): HistoryFilters {
  const list = (name: ListFilter) => {
    const items = splitList(params.get(name) ?? '')
    if (name !== 'op' && name !== 'significance') return items
    const known: readonly string[] = closedValues[name]
    return items.filter((item) => known.includes(item))
  }
  const text = (name: TextFilter) => params.get(name) ?? ''
  return {
    q: params.get('q') ?? '',
    lists: {
      resource: list('resource'),
      namespace: list('namespace'),
      manager: list('manager'),
      op: list('op'),
      significance: list('significance'),
    },
    texts: { name: text('name'), prefix: text('prefix'), key: text('key'), keyBase64: text('keyBase64') },
    noise: params.get('noise') === '1',
  }
}

/** Commas separate; one inside an item is written %2C, as the kit's lists do. */
export function splitList(text: string): readonly string[] {
  const items = text.split(',').filter((item) => item !== '')
  return [...new Set(items.map((item) => item.replaceAll('%2C', ',').replaceAll('%25', '%')))]
}

/** The parameter of a list; null takes it out of the address. */
export function joinList(items: readonly string[]): string | null {
  if (items.length === 0) return null
  return items.map((item) => item.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',')
}

/** Somebody looking for a key or a word wants everything about it, whoever wrote it. */
export function looksForSomething({ q, texts }: HistoryFilters): boolean {
  return q !== '' || texts.prefix !== '' || texts.key !== '' || texts.keyBase64 !== ''
}

/** Which significances the log shows; null means all of them. */
export function shownSignificances(filters: HistoryFilters): readonly string[] | null {
  if (filters.lists.significance.length > 0) return filters.lists.significance
  return filters.noise || looksForSomething(filters) ? null : meaningful
}

/** Heartbeats and status writes are left out by the rule above, not by the reader's own choice. */
export function hidesNoise(filters: HistoryFilters): boolean {
  return filters.lists.significance.length === 0 && shownSignificances(filters) !== null
}

/** Nothing but range and significance narrows: then the totals over time are the whole cluster's. */
export function isWhole(filters: HistoryFilters): boolean {
  const { resource, namespace, manager, op } = filters.lists
  const lists = [resource, namespace, manager, op]
  return !looksForSomething(filters) && filters.texts.name === '' && lists.every((list) => list.length === 0)
}

/** The one key that the log is narrowed to; neither is set when it is not. */
export function namedKey({ texts }: HistoryFilters): KeyName {
  if (texts.key !== '') return { key: texts.key }
  return texts.keyBase64 === '' ? {} : { keyBase64: texts.keyBase64 }
}

/** As the API takes them. A key wins over a prefix: it takes only one. */
export function requestParams(filters: HistoryFilters): ChangesParams {
  const { lists, texts, q } = filters
  const asked = (text: string) => (text === '' ? undefined : text)
  const some = (items: readonly string[]) => (items.length === 0 ? undefined : items)
  const one = namedKey(filters)
  return {
    ...one,
    prefix: one.key !== undefined || one.keyBase64 !== undefined ? undefined : asked(texts.prefix),
    resource: some(lists.resource),
    namespace: some(lists.namespace),
    name: asked(texts.name),
    manager: some(lists.manager),
    op: some(lists.op),
    significance: shownSignificances(filters) ?? undefined,
    q: asked(q.trim()),
  }
}

export interface ActiveFilter {
  readonly filter: FilterName
  readonly words: string
  readonly value: string
}

export const filterWords: Readonly<Record<FilterName, string>> = {
  resource: 'resource',
  namespace: 'namespace',
  manager: 'manager',
  op: 'operation',
  significance: 'significance',
  name: 'name',
  prefix: 'prefix',
  key: 'key',
  keyBase64: 'key, base64',
}

/** One chip each, in a fixed order. */
export function activeFilters({ lists, texts }: HistoryFilters): readonly ActiveFilter[] {
  const chips = [
    ...listFilters.map((filter) => ({ filter, value: lists[filter].join(' or ') })),
    ...textFilters.map((filter) => ({ filter, value: texts[filter] })),
  ]
  return chips.filter(({ value }) => value !== '').map((chip) => ({ ...chip, words: filterWords[chip.filter] }))
}

/** What "clear all" takes out of the address. */
export const allFilterParams: Readonly<Record<string, null>> = Object.fromEntries(
  ['q', 'noise', ...listFilters, ...textFilters].map((name) => [name, null]),
)
