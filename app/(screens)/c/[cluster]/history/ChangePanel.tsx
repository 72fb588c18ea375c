'use client'

import Link from 'next/link'
import type { Change } from '../../../../../lib/contract'
import { ApiProblem } from '../../../../_client/apiProblem'
import { versionWords } from '../../../../_client/format'
import { useChanges, useDiff } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { useSharedSearch, writeParams } from '../../../../_client/useUrlState'
import { Button } from '../../../../_ui/Button'
import { Bytes, Revision, Time } from '../../../../_ui/Figures'
import { SidePanel } from '../../../../_ui/SidePanel'
import { FailedState, LoadingState, UnknownState } from '../../../../_ui/States'
import { WorkloadLink } from '../../../../_ui/WorkloadLink'
import { ChangeTime, Manager, managerUnknown, OpMark, Summary } from './ChangeParts'
import { type ChangeId, changeIdText, isNamed, keyParams, keyText, parseChangeId } from './changeId'
import { FieldList } from './FieldList'
import { objectHref } from './object/objectHref'
import { objectTitle, objectWords } from './objectWords'

interface ChangePanelProps {
  readonly cluster: string
  /** Names the change, see changeId.ts. */
  readonly at: string
  readonly newestEpoch: number
  /** Changes already read. */
  readonly known: readonly Change[]
  readonly onClose: () => void
}

/** One change in detail: what it replaced, which fields, by whom. */
export function ChangePanel({ cluster, at, newestEpoch, known, onClose }: ChangePanelProps) {
  const id = parseChangeId(at)
  const here = id === null ? undefined : known.find((change) => isNamed(change, id, newestEpoch))
  const far = useChanges(cluster, farParams(id, newestEpoch), { enabled: id !== null && here === undefined })
  const change = here ?? (id === null ? undefined : far.data?.items.find((one) => isNamed(one, id, newestEpoch)))
  if (change !== undefined)
    return <Selected cluster={cluster} change={change} newestEpoch={newestEpoch} onClose={onClose} />
  return (
    <SidePanel label="Selected change" title={`Revision ${id?.revision ?? at}`} onClose={onClose}>
      {id === null || far.data !== undefined ? (
        <UnknownState title={`No change at ${id === null ? at : `revision ${id.revision}`}`}>
          The record of this cluster does not hold it.
        </UnknownState>
      ) : far.isError ? (
        <FailedState title="The change could not be read" error={far.error} onRetry={() => void far.refetch()} />
      ) : (
        <LoadingState />
      )}
    </SidePanel>
  )
}

/** All changes of the one revision: a transaction writes many keys at once. */
function farParams(id: ChangeId | null, newestEpoch: number) {
  const revision = id?.revision ?? '0'
  return { fromRevision: revision, toRevision: revision, epoch: id?.epoch ?? newestEpoch, limit: 1000 }
}

interface SelectedProps {
  readonly cluster: string
  readonly change: Change
  readonly newestEpoch: number
  readonly onClose: () => void
}

function Selected({ cluster, change, newestEpoch, onClose }: SelectedProps) {
  const { nowMs } = useRange()
  const shared = useSharedSearch()
  const before = String(BigInt(change.revision) - 1n)
  const diff = useDiff(cluster, {
    ...keyParams(change),
    from: before,
    to: change.revision,
    epoch: change.epoch,
  })
  const answer = diff.isPlaceholderData ? undefined : diff.data
  const { kind, name, where } = objectWords(change)
  const from = answer?.from.revision ?? null
  const openDiff = objectHref(
    cluster,
    change,
    {
      from: from === null ? undefined : changeIdText({ ...change, revision: from, ordinal: 0 }, newestEpoch),
      to: changeIdText({ ...change, ordinal: 0 }, newestEpoch),
    },
    shared,
  )
  return (
    <SidePanel
      label={`Selected change: ${objectTitle(change)}`}
      title={
        <span className="change-title" title={keyText(change)}>
          {kind !== null && <span className="dim">{kind} </span>}
          <span className={kind === null ? 'mono' : undefined}>{where === null ? name : `${where}/${name}`}</span>
        </span>
      }
      onClose={onClose}
      foot={
        <>
          <Link className="btn" data-tone="ink" href={openDiff}>
            Open diff
          </Link>
          <Button
            icon="filter"
            onClick={() => writeParams({ key: null, keyBase64: null, ...keyParams(change) }, 'push')}
          >
            Only this key
          </Button>
          <WorkloadLink cluster={cluster} objectKey={change.key} />
        </>
      }
    >
      <p className="change-what">
        <OpMark op={change.op} /> <Summary change={change} />
      </p>
      <dl className="kv">
        <dt>Revision</dt>
        <dd>
          <Revision value={change.revision} />
          {change.op !== 'delete' && `, ${versionWords(change.version)}`}
        </dd>
        <dt>Seen</dt>
        <dd>
          <ChangeTime change={change} />
          {change.origin === 'resync'
            ? ', reconstructed at the edge of a gap'
            : change.atSource === 'bound'
              ? ', written then or before'
              : ', observed'}
        </dd>
        <dt>Manager</dt>
        <dd>
          {change.manager === null ? (
            <span className="dim">{managerUnknown(change)}</span>
          ) : (
            <Manager change={change} />
          )}
        </dd>
        <dt>Significance</dt>
        <dd>{change.significance}</dd>
        {change.op !== 'delete' && (
          <>
            <dt>Size</dt>
            <dd>
              <Bytes value={change.valueBytes} />
              {change.redacted && ', redacted'}
            </dd>
          </>
        )}
        <dt>Before</dt>
        <dd>
          {answer === undefined ? (
            <span className="dim">{diff.isError ? 'not in the record' : ''}</span>
          ) : answer.from.exists ? (
            <>
              <Revision value={answer.from.revision} />, <Time value={answer.from.at} nowMs={nowMs} />
            </>
          ) : (
            <span className="dim">the key did not exist</span>
          )}
        </dd>
      </dl>
      {answer !== undefined ? (
        <FieldList answer={answer} moreHref={openDiff} />
      ) : diff.isError ? (
        notComparable(diff.error, () => void diff.refetch())
      ) : (
        <LoadingState />
      )}
    </SidePanel>
  )
}

/** The version before may lie in a gap: a fact about the record, not a failure. */
function notComparable(error: unknown, onRetry: () => void) {
  if (error instanceof ApiProblem && error.code === 'NOT_COVERED')
    return <UnknownState title="The version before is not recorded">{error.detail}</UnknownState>
  return <FailedState title="The two versions could not be compared" error={error} onRetry={onRetry} />
}
