'use client'

import { useQuery } from '@tanstack/react-query'
import type { KeyName, ValueAnswer } from '../../../../_client/api'
import { versionWords } from '../../../../_client/format'
import { Bytes, Revision, Time } from '../../../../_ui/Figures'
import { leaseHex } from './keyName'
import { changeBefore } from './keysQueries'

const opWords = { create: 'created', update: 'updated', delete: 'deleted' } as const

/** The facts of the version: revisions, lease, size, and who wrote it. */
export function ValueFacts({ cluster, name, value }: { cluster: string; name: KeyName; value: ValueAnswer }) {
  const written = useQuery({
    // The change that made this version never changes.
    queryKey: ['moment', cluster, 'change of', name, value.modRevision],
    queryFn: ({ signal }) => changeBefore(cluster, { toRevision: value.modRevision }, { name }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const change = written.data?.revision === value.modRevision ? written.data : null
  return (
    <dl className="kv">
      <dt>Revision</dt>
      <dd>
        <Revision value={value.modRevision} />
        {value.version === '1' ? ', first version' : `, ${versionWords(value.version)}`}
      </dd>
      <dt>Written</dt>
      <dd>
        {change?.atSource === 'bound' && 'by '}
        <Time value={value.at} />
        {change !== null && (
          <span className="mid" title={sourceWords[change.atSource]}>
            , {opWords[change.op]} by {change.manager ?? <span className="dim">a writer not stored</span>}
          </span>
        )}
      </dd>
      {change !== null && change.summary !== '' && (
        <>
          <dt>Change</dt>
          <dd>{change.summary}</dd>
        </>
      )}
      {value.createRevision !== value.modRevision && (
        <>
          <dt>Created</dt>
          <dd>
            <Revision value={value.createRevision === '0' ? null : value.createRevision} />
          </dd>
        </>
      )}
      <dt>Size</dt>
      <dd>
        <Bytes value={value.valueBytes} />
      </dd>
      {value.leaseId !== null && (
        <>
          <dt>Lease</dt>
          <dd>
            <code title={`${value.leaseId} in decimal`}>{leaseHex(value.leaseId)}</code>
            <span className="mid">, deleted when it ends</span>
          </dd>
        </>
      )}
    </dl>
  )
}

const sourceWords = {
  observed: 'Seen as it happened',
  bound: 'Back-filled: written at this time or before it was first seen',
} as const
