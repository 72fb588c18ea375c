'use client'

import { Command } from 'cmdk'
import { Popover } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { Icon } from './Icon'

export interface FilterDimension {
  readonly id: string
  readonly words: string
  /** What is chosen from once the dimension is; `done` closes the menu. */
  readonly body: (done: () => void) => ReactNode
}

/** "+ Filter": first what to narrow by, then to which value. Made of {@link FilterValues} or fields of its own. */
export function FilterMenu({ dimensions }: { dimensions: readonly FilterDimension[] }) {
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const show = (next: boolean) => {
    setOpen(next)
    if (next) setChosen(null)
  }
  const dimension = dimensions.find(({ id }) => id === chosen)
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
          className="menu filter-menu"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Add a filter"
        >
          {dimension?.body(() => setOpen(false)) ?? (
            <Command label="Filter by">
              <Command.Input placeholder="Filter by" autoFocus />
              <Command.List>
                {dimensions.map(({ id, words }) => (
                  <Command.Item key={id} value={words} className="menu-item" onSelect={() => setChosen(id)}>
                    {words}
                    <span className="menu-check">
                      <Icon name="right" size={14} />
                    </span>
                  </Command.Item>
                ))}
              </Command.List>
            </Command>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

export interface FilterValuesProps {
  /** Of what: "namespace". */
  readonly words: string
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
  readonly values: readonly { readonly value: string; readonly note?: string }[]
  readonly loading?: boolean
}

interface OfferedValue {
  readonly value: string
  readonly note?: string
}

/** Stays open, so that several can be chosen. */
export function FilterValues({ words, chosen, onChange, values, loading = false }: FilterValuesProps) {
  // What is chosen can be taken away, also when the range no longer holds it.
  const rows: readonly OfferedValue[] = [
    ...chosen.filter((one) => !values.some(({ value }) => value === one)).map((value) => ({ value })),
    ...values,
  ]
  return (
    <Command label={words}>
      <Command.Input placeholder={`Which ${words}`} autoFocus />
      <Command.List>
        <Command.Empty className="menu-label">{loading ? 'Reading' : 'None in this range'}</Command.Empty>
        {rows.map((row) => {
          const on = chosen.includes(row.value)
          return (
            <Command.Item
              key={row.value}
              value={row.value}
              className="menu-item"
              aria-checked={on}
              onSelect={() => onChange(on ? chosen.filter((one) => one !== row.value) : [...chosen, row.value])}
            >
              <span className="filter-check">{on && <Icon name="check" size={14} />}</span>
              <span className="filter-value">{row.value}</span>
              {row.note !== undefined && <small>{row.note}</small>}
            </Command.Item>
          )
        })}
      </Command.List>
    </Command>
  )
}
