'use client'

import { useState } from 'react'
import type { KeyName } from '../../../../_client/api'
import { ApiProblem } from '../../../../_client/apiProblem'
import { useCluster } from '../../../../_client/queries'
import { Panel } from '../../../../_ui/Panel'
import { EmptyState, queryState } from '../../../../_ui/States'
import type { Sort } from '../../../../_ui/table'
import { BranchActions } from './BranchActions'
import { KeyTree } from './KeyTree'
import { PrefixField } from './PrefixField'
import { momentLabel, nearestMoment } from './prepareMoment'
import type { TreeRow } from './prepareTree'
import type { ShownMoment } from './useMoment'
import type { useTree } from './useTree'

export interface KeyTreePanelProps {
  readonly cluster: string
  readonly shown: ShownMoment
  readonly tree: ReturnType<typeof useTree>
  readonly sort: Sort
  readonly prefix: string
  readonly onPrefix: (prefix: string, entry?: 'push' | 'replace') => void
  readonly selected: KeyName | null
  readonly onSelect: (name: KeyName) => void
}

/** The tree with its filter; below it what can be done with the row that has the focus. */
export function KeyTreePanel(props: KeyTreePanelProps) {
  const { cluster, shown, tree, prefix, onPrefix } = props
  const [active, setActive] = useState<TreeRow | null>(null)
  const base = tree.root.data?.base.prefix ?? prefix
  const state =
    useUncovered(cluster, shown, tree.root.error) ??
    queryState(tree.root, {
      failed: 'The keys could not be read',
      isEmpty: tree.rows.length === 0,
      empty:
        prefix === ''
          ? { title: 'No keys at this moment' }
          : {
              title: `No key starts with ${prefix}`,
              children: 'The prefix counts from the first character of the key.',
              action: { label: 'Show all keys', onAct: () => onPrefix('') },
            },
    })
  return (
    <Panel
      className="keys-panel"
      title="Keyspace"
      {...(base === '' ? {} : { note: <span className="mono">{base}</span> })}
      actions={<PrefixField prefix={prefix} onPrefix={onPrefix} />}
      flush
      {...(state === null
        ? { foot: <BranchActions cluster={cluster} row={active} prefix={prefix} at={shown.at} onPrefix={onPrefix} /> }
        : {})}
    >
      {state ?? (
        <KeyTree
          rows={tree.rows}
          stale={tree.stale}
          sort={props.sort}
          selected={props.selected}
          onSelect={props.onSelect}
          onOpen={tree.setOpen}
          onMore={tree.showMore}
          onRetry={tree.retry}
          onActive={setActive}
        />
      )}
    </Panel>
  )
}

/** A moment that the record does not hold: why, and the way to the nearest that it does. Also over older data. */
function useUncovered(cluster: string, shown: ShownMoment, error: unknown) {
  const epoch = useCluster(cluster).data?.epoch ?? null
  if (!(error instanceof ApiProblem) || error.code !== 'NOT_COVERED') return null
  const nearest = nearestMoment(shown.moment, error.nearest, epoch)
  return (
    <EmptyState
      title="Not recorded"
      {...(nearest === null
        ? {}
        : {
            action: {
              label: `Show the nearest recorded moment: ${momentLabel(nearest, Date.now()).toLowerCase()}`,
              onAct: () => shown.set(nearest),
            },
          })}
    >
      {error.detail}
    </EmptyState>
  )
}
