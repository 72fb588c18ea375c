'use client'

import Link from 'next/link'
import { useMemo, useState } from 'react'
import type { Change } from '../../../../../../lib/contract'
import { ApiProblem } from '../../../../../_client/apiProblem'
import { plural } from '../../../../../_client/format'
import { useBlame, useCluster } from '../../../../../_client/queries'
import { useRange } from '../../../../../_client/range'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { Revision, Time } from '../../../../../_ui/Figures'
import { Icon } from '../../../../../_ui/Icon'
import { EmptyState, FailedState, LoadingState, UnknownState } from '../../../../../_ui/States'
import { changeIdText, keyParams, type NamedKey } from '../changeId'
import { CodeText } from './CodeText'
import { objectHref } from './objectHref'
import { type BlameItem, type BlameLine, prepareBlame } from './prepareBlame'
import { cutLine } from './prepareValue'
import { VirtualLines } from './VirtualLines'

interface BlameViewProps {
  readonly cluster: string
  readonly named: NamedKey
  readonly version: Change | null
  readonly foldUnimportant: boolean
}

/** One version's value, each line beside the version that last changed it. */
export function BlameView({ cluster, named, version, foldUnimportant }: BlameViewProps) {
  const gone = version === null || version.op === 'delete'
  const query = useBlame(
    cluster,
    { ...keyParams(named), at: version?.revision ?? 'now', epoch: version?.epoch },
    { enabled: !gone },
  )
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const answer = query.data
  const items = useMemo(
    () => (answer === undefined ? [] : prepareBlame(answer, { foldUnimportant, opened })),
    [answer, foldUnimportant, opened],
  )
  const hrefOf = useVersionHref(cluster, named, version?.epoch ?? 1)
  if (gone)
    return <EmptyState title="The key was deleted here">Choose the version before it to see its lines.</EmptyState>
  if (answer === undefined) {
    if (!query.isError) return <LoadingState />
    if (query.error instanceof ApiProblem && query.error.code === 'NOT_COVERED')
      return <UnknownState title="This version lies in a gap of the record">{query.error.detail}</UnknownState>
    return (
      <FailedState title="The lines could not be ascribed" error={query.error} onRetry={() => void query.refetch()} />
    )
  }
  if (items.length === 0) return <EmptyState title="The value is empty" />
  return (
    <div className="diff blame" data-old={query.isPlaceholderData}>
      {answer.language === 'redacted' && (
        <p className="diff-note">
          Redacted: values of Secrets never enter the record. A fingerprint is ascribed to the version since which it is
          the same.
        </p>
      )}
      {answer.note !== null && <p className="diff-note">{answer.note}</p>}
      <VirtualLines count={items.length} linePx={20} label="Lines and the versions that changed them">
        {(index) => {
          const item = items[index]
          if (item === undefined) return null
          if (item.kind === 'line') return <Row item={item} yaml={answer.language === 'yaml'} hrefOf={hrefOf} />
          return (
            <button
              type="button"
              className="diff-fold"
              aria-expanded={false}
              onClick={() => setOpened((known) => new Set([...known, item.id]))}
            >
              <Icon name="fold" size={13} />
              <span>{item.name}</span>
              <span className="dim">{plural(item.lines, 'line')}, folded as unimportant</span>
            </button>
          )
        }}
      </VirtualLines>
    </div>
  )
}

/** The address of a version compared with the one before it. */
function useVersionHref(cluster: string, named: NamedKey, epoch: number): (revision: string) => string {
  const newestEpoch = useCluster(cluster).data?.epoch ?? 1
  const shared = useSharedSearch()
  return (revision) =>
    objectHref(cluster, named, { to: changeIdText({ epoch, revision, ordinal: 0 }, newestEpoch) }, shared)
}

interface RowProps {
  readonly item: Extract<BlameItem, { kind: 'line' }>
  readonly yaml: boolean
  readonly hrefOf: (revision: string) => string
}

function Row({ item: { line, number, first, age }, yaml, hrefOf }: RowProps) {
  const text = cutLine(line.text)
  return (
    <div className="diff-row" data-first={first}>
      <div className="blame-origin" data-age={age}>
        {first && <Origin line={line} hrefOf={hrefOf} />}
      </div>
      <i>{number}</i>
      <code>{yaml ? <CodeText text={text} /> : text}</code>
    </div>
  )
}

function Origin({
  line: { revision, at, manager, afterGap },
  hrefOf,
}: {
  line: BlameLine
  hrefOf: RowProps['hrefOf']
}) {
  const { nowMs } = useRange()
  if (revision === null) return <small>older</small>
  return (
    <>
      <Link className="link" href={hrefOf(revision)} title={`What revision ${revision} changed`}>
        {afterGap && (
          <abbr title="The version before this one is not recorded: the change was made in this one or in a lost one">
            ≤{' '}
          </abbr>
        )}
        <Revision value={revision} />
      </Link>
      <small>
        <Time value={at} as="ago" nowMs={nowMs} />
      </small>
      <small title={manager ?? undefined}>{manager ?? ''}</small>
    </>
  )
}
