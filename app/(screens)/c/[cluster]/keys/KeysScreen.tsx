'use client'

import type { KeyName } from '../../../../_client/api'
import { useCluster } from '../../../../_client/queries'
import { useUrlParam, writeParams } from '../../../../_client/useUrlState'
import { WithSide } from '../../../../_ui/SidePanel'
import { EmptyState } from '../../../../_ui/States'
import { parseSort } from '../../../../_ui/table'
import { KeysVerdict } from './KeysVerdict'
import { KeyTreePanel } from './KeyTreePanel'
import { byName, sortable } from './prepareTree'
import { useMoment } from './useMoment'
import { useTree } from './useTree'
import { ValuePanel } from './ValuePanel'
import './keys.css'

/** What is in the keyspace at a moment, how big each branch is, and what is in the chosen key. */
export function KeysScreen({ cluster }: { cluster: string }) {
  const known = useCluster(cluster)
  const shown = useMoment(cluster)
  const [prefix, setPrefix] = useUrlParam('prefix')
  const [sortText] = useUrlParam('sort')
  const selected = useSelectedKey()
  const sort = parseSort(sortText, sortable) ?? byName
  const tree = useTree({ cluster, at: shown.at, prefix: prefix ?? '', sort, selectedKey: selected?.key ?? null })
  if (known.unknown) {
    return <EmptyState title={`No cluster named ${cluster} is watched`}>The switcher lists those that are.</EmptyState>
  }
  return (
    <div className="stack">
      <KeysVerdict cluster={cluster} shown={shown} root={tree.root} prefix={prefix ?? ''} />
      <div className="keys-layout">
        <WithSide
          side={
            selected === null ? null : (
              <ValuePanel cluster={cluster} name={selected} shown={shown} onClose={() => select(null)} />
            )
          }
        >
          <KeyTreePanel
            cluster={cluster}
            shown={shown}
            tree={tree}
            sort={sort}
            prefix={prefix ?? ''}
            onPrefix={(next, entry) => setPrefix(next === '' ? null : next, entry)}
            selected={selected}
            onSelect={select}
          />
        </WithSide>
      </div>
    </div>
  )
}

function useSelectedKey(): KeyName | null {
  const [key] = useUrlParam('key')
  const [keyBase64] = useUrlParam('keyBase64')
  if (key !== null) return { key }
  return keyBase64 === null ? null : { keyBase64 }
}

const select = (name: KeyName | null) =>
  writeParams({ key: name?.key ?? null, keyBase64: name?.keyBase64 ?? null }, 'push')
