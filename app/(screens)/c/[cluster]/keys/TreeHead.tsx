'use client'

import { useUrlParam } from '../../../../_client/useUrlState'
import { Icon } from '../../../../_ui/Icon'
import { type Sort, sortText } from '../../../../_ui/table'
import { byName } from './prepareTree'

const columns = [
  { id: 'name', head: 'Name', end: false },
  { id: 'keys', head: 'Keys', end: true },
  { id: 'bytes', head: 'Values', end: true },
  { id: 'share', head: 'Share of branch', end: false },
  { id: 'revision', head: 'Revision', end: true },
] as const

/** Heads that sort within each branch. */
export function TreeHead({ sort }: { sort: Sort }) {
  const [, setSort] = useUrlParam('sort')
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    <div className="key-tree-head" role="group" aria-label="Sort by">
      {columns.map(({ id, head, end }) => {
        const chosen = sort.column === id
        const next: Sort = { column: id, descending: chosen ? !sort.descending : end }
        const isDefault = next.column === byName.column && next.descending === byName.descending
        const direction = chosen ? (sort.descending ? 'descending' : 'ascending') : undefined
        return (
          <span key={id} data-column={id}>
            {id === 'share' ? (
              head
            ) : (
              <button
                type="button"
                className="sort"
                data-direction={direction}
                aria-pressed={chosen}
                title={chosen ? `${direction}, click to turn around` : undefined}
                onClick={() => setSort(isDefault ? null : sortText(next), 'replace')}
              >
                {head}
                {chosen && <Icon name="down" size={12} />}
              </button>
            )}
          </span>
        )
      })}
    </div>
  )
}
