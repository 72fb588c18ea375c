'use client'

import { Command } from 'cmdk'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { formatCount } from '../../../../_client/format'
import { useLedger } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { Icon } from '../../../../_ui/Icon'
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

/** "+ Filter": first what to narrow by, then to which value, with the values of the range offered. */
export function AddFilter({ cluster, actions }: { cluster: string; actions: FilterActions }) {
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<FilterName | null>(null)
  const show = (next: boolean) => {
    setOpen(next)
    if (next) setChosen(null)
  }
  return (
    <Popover.Root open={open} onOpenChange={show}>
      <Popover.Trigger asChild>
        <button type="button" className="chip chip-add">
          <Icon name="plus" size={14} />
          Filter
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu add-filter"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Add a filter"
        >
          {chosen === null ? (
            <Dimensions onChoose={setChosen} />
          ) : isList(chosen) ? (
            isCounted(chosen) ? (
              <LedgerValues cluster={cluster} name={chosen} actions={actions} />
            ) : (
              <Values name={chosen} actions={actions} values={closedValues[chosen].map((value) => ({ value }))} />
            )
          ) : (
            <TextValue name={chosen} actions={actions} onDone={() => setOpen(false)} />
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Dimensions({ onChoose }: { onChoose: (name: FilterName) => void }) {
  return (
    <Command label="Filter by">
      <Command.Input placeholder="Filter by" autoFocus />
      <Command.List>
        {offered.map((name) => (
          <Command.Item key={name} value={filterWords[name]} className="menu-item" onSelect={() => onChoose(name)}>
            {filterWords[name]}
            <span className="menu-check">
              <Icon name="right" size={14} />
            </span>
          </Command.Item>
        ))}
      </Command.List>
    </Command>
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

/** Stays open, so that several can be chosen. */
function Values({ name, actions, values, loading = false }: ValuesProps) {
  const chosen = actions.filters.lists[name]
  // What is chosen can be taken away, also when the range no longer holds it.
  const rows = [
    ...chosen.filter((one) => !values.some(({ value }) => value === one)).map((value) => ({ value })),
    ...values,
  ]
  return (
    <Command label={filterWords[name]}>
      <Command.Input placeholder={`Which ${filterWords[name]}`} autoFocus />
      <Command.List>
        <Command.Empty className="menu-label">{loading ? 'Reading' : 'None in this range'}</Command.Empty>
        {rows.map((row: { value: string; note?: string }) => {
          const on = chosen.includes(row.value)
          return (
            <Command.Item
              key={row.value}
              value={row.value}
              className="menu-item"
              aria-checked={on}
              onSelect={() =>
                actions.setList(name, on ? chosen.filter((one) => one !== row.value) : [...chosen, row.value])
              }
            >
              <span className="add-filter-check">{on && <Icon name="check" size={14} />}</span>
              <span className="add-filter-value">{row.value}</span>
              {row.note !== undefined && <small>{row.note}</small>}
            </Command.Item>
          )
        })}
      </Command.List>
    </Command>
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
      className="add-filter-text"
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
