'use client'

import { formatCount } from '../../../../_client/format'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { LinkButton } from '../../../../_ui/Button'
import { Chips, FilterChip, ToggleChip } from '../../../../_ui/Chip'
import { SearchField } from '../../../../_ui/SearchField'
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
      <SearchField
        label="Search the change log"
        placeholder="Name, key or what changed"
        value={filters.q}
        onChange={actions.setQuery}
      />
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
