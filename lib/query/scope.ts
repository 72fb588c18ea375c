import type { NotifySettings } from '../config/settings'
import type { RetentionPolicy } from '../contract'
import { ScopeError } from '../core/errors'
import type { OperatorWriter } from '../store/operator'
import type { ClusterRow, RecordReader } from '../store/store'

/** What every query is given: the record, the time, and the signal that ends it. Queries hold no state. */
export interface Scope {
  readonly reader: RecordReader
  readonly nowMs: number
  readonly version: string
  readonly signal?: AbortSignal | undefined
  /** Policies of the configuration file by cluster: what the screen shows and cannot change. */
  readonly filePolicies?: Readonly<Record<string, RetentionPolicy>>
}

/** What a request that changes something is given on top: never the record itself. */
export interface WriteScope extends Scope {
  readonly operator: OperatorWriter
  readonly notify: NotifyAccess
}

/** What is needed to read and write channels beside the database. */
export interface NotifyAccess {
  /** Encrypts the secrets of channels. */
  readonly key: Uint8Array
  readonly settings: NotifySettings
}

/** Rejects with NOT_FOUND naming the cluster. */
export async function clusterOf(scope: Scope, name: string): Promise<ClusterRow> {
  const row = await scope.reader.cluster(name)
  if (!row)
    throw new ScopeError('NOT_FOUND', `No cluster named ${JSON.stringify(name)} is watched.`, { subject: 'cluster' })
  return row
}
