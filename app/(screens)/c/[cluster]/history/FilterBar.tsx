'use client'

import { useEffect, useRef, useState } from 'react'
import { formatCount } from '../../../../_client/format'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { LinkButton } from '../../../../_ui/Button'
import { Chips, FilterChip, ToggleChip } from '../../../../_ui/Chip'
import { Icon } from '../../../../_ui/Icon'
import { compareHref } from '../compare/compareHref'
import { AddFilter } from './AddFilter'
import { activeFilters, hidesNoise, listFilters, looksForSomething, namedKey } from './historyFilters'
import { objectHref } from './object/objectHref'
import type { FilterActions } from './useHistoryFilters'

/** Search, what the log is narrowed to, and whether it shows heartbeats and status writes. */
export function FilterBar({
  cluster,
  actions,
  hiddenNoise,
}: {
  cluster: string
  actions: FilterActions
  hiddenNoise: number | null
}) {
  const { filters } = actions
  const active = activeFilters(filters)
  const shared = useSharedSearch()
  const named = namedKey(filters)
  // With a search or a chosen significance, noise is decided by that.
  const ruled = looksForSomething(filters) || filters.lists.significance.length > 0
  return (
    <Chips>
      <SearchBox value={filters.q} onChange={actions.setQuery} />
      {active.map(({ filter, words, value }) => (
        <FilterChip
          key={filter}
          name={words}
          value={value}
          onRemove={() =>
            listFilters.some((one) => one === filter) ? actions.setList(filter, []) : actions.setText(filter, '')
          }
        />
      ))}
      <AddFilter cluster={cluster} actions={actions} />
      {(named.key !== undefined || named.keyBase64 !== undefined) && (
        <LinkButton href={objectHref(cluster, named, {}, shared)} icon="split">
          Versions of this key
        </LinkButton>
      )}
      <LinkButton href={compareHref(cluster, { prefix: filters.texts.prefix }, shared)} icon="split">
        Compare moments
      </LinkButton>
      {active.length + (filters.q === '' ? 0 : 1) > 1 && (
        <button type="button" className="link history-clear" onClick={actions.clear}>
          Clear all
        </button>
      )}
      <span className="history-noise">
        {ruled ? (
          <span className="dim">{noiseWords(hidesNoise(filters), filters.lists.significance)}</span>
        ) : (
          <ToggleChip on={filters.noise} onChange={actions.setNoise}>
            Show noise{hiddenNoise === null ? '' : `, ${formatCount(hiddenNoise)}`}
          </ToggleChip>
        )}
      </span>
    </Chips>
  )
}

function noiseWords(hides: boolean, significances: readonly string[]): string {
  if (hides || significances.length > 0) return ''
  return 'Noise is shown while something is looked for'
}

const REST_MS = 180

/** Asks the server when typing rests; Enter asks at once. */
function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value)
  const sent = useRef(value)
  const change = useRef(onChange)
  change.current = onChange
  useEffect(() => {
    // The address changed elsewhere: the back button, or "clear all".
    if (value === sent.current) return
    sent.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text
      change.current(text)
    }, REST_MS)
    return () => clearTimeout(timer)
  }, [text])
  const send = (next: string) => {
    sent.current = next
    setText(next)
    onChange(next)
  }
  return (
    <search className="field history-search">
      <Icon name="search" size={14} />
      <input
        type="text"
        aria-label="Search the change log"
        placeholder="Name, key or what changed"
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send(text)
          if (event.key === 'Escape' && text !== '') {
            event.preventDefault()
            send('')
          }
        }}
      />
      {text !== '' && (
        <button type="button" className="chip-x" aria-label="Clear the search" onClick={() => send('')}>
          <Icon name="x" size={14} />
        </button>
      )}
    </search>
  )
}
