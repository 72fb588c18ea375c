'use client'

import { useQuery } from '@tanstack/react-query'
import type { KeyName } from '../../../../_client/api'
import { EmptyState } from '../../../../_ui/States'
import { changeBefore, changeFrom } from './keysQueries'
import type { ShownMoment } from './useMoment'

interface AbsentKeyProps {
  readonly cluster: string
  readonly name: KeyName
  readonly shown: ShownMoment
  /** The server's: when it was deleted, or that it did not exist. */
  readonly sentence: string
}

/** The key does not exist at the moment: the way to the nearest moment at which it did. */
export function AbsentKey({ cluster, name, shown, sentence }: AbsentKeyProps) {
  const { revision } = shown
  const nearest = useQuery({
    queryKey: ['moment', cluster, 'nearest version', name, revision],
    queryFn: async ({ signal }) => {
      if (revision === null) return null
      const before = await changeBefore(cluster, { toRevision: revision }, { name }, signal)
      if (before !== null)
        return { label: 'Show it before it was deleted', revision: String(BigInt(before.revision) - 1n) }
      const after = await changeFrom(cluster, revision, { name }, signal)
      return after === null ? null : { label: 'Show it as it was created', revision: after.revision }
    },
    enabled: revision !== null,
  })
  const found = nearest.data ?? null
  return (
    <EmptyState
      title="Not in the keyspace at this moment"
      {...(found === null
        ? {}
        : { action: { label: found.label, onAct: () => shown.set({ kind: 'revision', revision: found.revision }) } })}
    >
      {sentence}
    </EmptyState>
  )
}
