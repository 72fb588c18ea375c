'use client'

import { useState } from 'react'
import { formatCount } from '../../../../_client/format'
import { useLedger } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { FilterMenu, FilterValues } from '../../../../_ui/FilterMenu'
import {
  closedValues,
  type FilterName,
  filterWords,
  type ListFilter,
  listFilters,
  type TextFilter,
} from './historyFilters'
import type { FilterActions } from './useHistoryFilters'

const offered: readonly FilterName[] = [
  'resource',
  'namespace',
  'name',
  'manager',
  'op',
  'significance',
  'prefix',
  'key',
]
const isList = (name: FilterName): name is ListFilter => listFilters.some((one) => one === name)
/** These are worked out over the whole range by the ledger, busiest first. */
type Counted = 'resource' | 'namespace' | 'manager'
const isCounted = (name: ListFilter): name is Counted => name !== 'op' && name !== 'significance'

/** Narrows the change log, with the values of the range offered. */
export function AddFilter({ cluster, actions }: { cluster: string; actions: FilterActions }) {
  const body = (name: FilterName, done: () => void) => {
    if (!isList(name)) return <TextValue name={name} actions={actions} onDone={done} />
    if (isCounted(name)) return <LedgerValues cluster={cluster} name={name} actions={actions} />
    return <Values name={name} actions={actions} values={closedValues[name].map((value) => ({ value }))} />
  }
  return (
    <FilterMenu
      dimensions={offered.map((name) => ({ id: name, words: filterWords[name], body: (done) => body(name, done) }))}
    />
  )
}

function LedgerValues({ cluster, name, actions }: { cluster: string; name: Counted; actions: FilterActions }) {
  const { params } = useRange()
  const ledger = useLedger(cluster, { by: name, limit: 500, ...params })
  const values = (ledger.data ?? [])
    .filter((row) => row.label !== '')
    .sort((a, b) => b.changes - a.changes)
    .map((row) => ({ value: row.label, note: formatCount(row.changes) }))
  return <Values name={name} actions={actions} values={values} loading={ledger.isPending} />
}

interface ValuesProps {
  readonly name: ListFilter
  readonly actions: FilterActions
  readonly values: readonly { readonly value: string; readonly note?: string }[]
  readonly loading?: boolean
}

function Values({ name, actions, values, loading = false }: ValuesProps) {
  return (
    <FilterValues
      words={filterWords[name]}
      chosen={actions.filters.lists[name]}
      onChange={(chosen) => actions.setList(name, chosen)}
      values={values}
      loading={loading}
    />
  )
}

const placeholders: Readonly<Record<TextFilter, string>> = {
  name: 'Name of the object, exactly',
  prefix: '/registry/deployments/',
  key: '/registry/deployments/shop/checkout',
  keyBase64: 'The key in base64',
}

function TextValue({ name, actions, onDone }: { name: TextFilter; actions: FilterActions; onDone: () => void }) {
  const [text, setText] = useState(actions.filters.texts[name])
  return (
    <form
      className="filter-text"
      onSubmit={(event) => {
        event.preventDefault()
        actions.setText(name, text.trim())
        onDone()
      }}
    >
      <label>
        <span className="menu-label">{filterWords[name]}</span>
        <input
          // biome-ignore lint/a11y/noAutofocus: the reader asked for exactly this field
          autoFocus
          className="mono"
          placeholder={placeholders[name]}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="btn" data-tone="ink">
        Apply
      </button>
    </form>
  )
}
