'use client'

import Link from 'next/link'
import { exactBytes, plural } from '../../../../_client/format'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { ExportLinks } from '../compare/ExportLinks'
import { branchOf, showKey, showText } from './keyName'
import type { TreeRow } from './prepareTree'

interface BranchActionsProps {
  readonly cluster: string
  readonly row: TreeRow | null
  readonly prefix: string
  /** The moment shown, as the API takes it. */
  readonly at: string
  readonly onPrefix: (prefix: string) => void
}

/** The row in focus in full, and where it leads: the tree itself holds no buttons to tab through. */
export function BranchActions({ cluster, row, prefix, at, onPrefix }: BranchActionsProps) {
  if (row === null || !('node' in row)) {
    return (
      <>
        <span>Arrow keys move, Enter opens, letters find a name</span>
        <span className="keys-actions">
          <ExportLinks cluster={cluster} what={{ prefix }} at={at} />
        </span>
      </>
    )
  }
  const { node } = row
  const branch = node.kind === 'branch' ? node.name.prefix : branchOf(node.name.key ?? '')
  const isText = node.kind === 'branch' ? node.name.prefixBase64 === undefined : node.name.key !== undefined
  return (
    <>
      <code className="keys-path">{node.kind === 'branch' ? showText(branch).text : showKey(node.name).text}</code>
      {node.kind === 'branch' && (
        <span>
          {plural(node.count, 'key')}, {exactBytes(node.valueBytes)}
        </span>
      )}
      {isText && branch !== '' && (
        <span className="keys-actions">
          {branch !== prefix && (
            <button type="button" className="link" onClick={() => onPrefix(branch)}>
              {node.kind === 'branch' ? 'Only this branch' : 'Only its branch'}
            </button>
          )}
          <ChangesLink cluster={cluster} prefix={branch}>
            Changes under it
          </ChangesLink>
          <ExportLinks cluster={cluster} what={node.kind === 'branch' ? { prefix: branch } : node.name} at={at} />
        </span>
      )}
    </>
  )
}

/** The change log of everything under a prefix, in the page's range. */
export function ChangesLink(props: { cluster: string; prefix: string; className?: string; children: React.ReactNode }) {
  const shared = useSharedSearch()
  const search = new URLSearchParams(shared)
  search.set('prefix', props.prefix)
  return (
    <Link
      className={props.className ?? 'link'}
      href={`/c/${encodeURIComponent(props.cluster)}/history?${search}`}
      title={`What was written under ${props.prefix}`}
    >
      {props.children}
    </Link>
  )
}
