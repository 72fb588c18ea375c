import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { RetentionPolicy } from '../contract'
import { ScopeError } from '../core/errors'
import { LiveHub } from '../live'
import type { OperatorWriter } from '../store/operator'
import type { RecordReader } from '../store/store'
import { RequestCounts } from './requestCounts'
import type { NotifyAccess, WriteScope } from './scope'

/**
 * What route handlers work with. The custom server and each route handler are separate bundles with module instances
 * of their own, so the one shared thing hangs on the process's global object under a registered symbol.
 */
export interface ServingInput {
  readonly reader: RecordReader
  readonly operator: OperatorWriter
  readonly notify: NotifyAccess
  readonly version: string
  readonly startedAtMs: number
  readonly settings: {
    /** For people: free of credentials. */
    readonly databaseUrl: string
    readonly clusters: readonly ServedCluster[]
    /** ETCDSCOPE_INSECURE=1: requests with a foreign Host are let in. */
    readonly insecure: boolean
  }
}

/** A cluster of the settings, as far as people may see of it. */
export interface ServedCluster {
  readonly name: string
  /** Free of credentials. */
  readonly endpoints: readonly string[]
  /** Of the configuration file. */
  readonly retention?: RetentionPolicy | undefined
}

export interface Serving extends ServingInput {
  /** Made with the first subscriber; the same for all bundles. */
  readonly live: LiveHub
  readonly requests: RequestCounts
  readonly loopDelay: IntervalHistogram
}

export const loopSampleMs = 20

const place = Symbol.for('etcdscope.serving')
const shared = globalThis as { [place]?: Serving }

/** Called once by the composition root, after the database is open and migrated; returns the undoing of it. */
export function provideServing(input: ServingInput): () => void {
  const loopDelay = monitorEventLoopDelay({ resolution: loopSampleMs })
  loopDelay.enable()
  const serving: Serving = { ...input, live: new LiveHub(input.reader), requests: new RequestCounts(), loopDelay }
  shared[place] = serving
  return () => {
    loopDelay.disable()
    serving.live.close()
    if (shared[place] === serving) delete shared[place]
  }
}

export function servingIfProvided(): Serving | null {
  return shared[place] ?? null
}

/** Rejects with UNREACHABLE (503) while nothing is provided, as under `next dev` alone. */
export function serving(): Serving {
  const provided = shared[place]
  if (!provided) {
    throw new ScopeError(
      'UNREACHABLE',
      'This process has no database open yet: start etcdscope with npm start or npm run dev.',
    )
  }
  return provided
}

export function scopeOf(provided: Serving, signal?: AbortSignal): WriteScope {
  const { reader, operator, notify, version, settings } = provided
  const policies = settings.clusters.flatMap(({ name, retention }) =>
    retention === undefined ? [] : [[name, retention]],
  )
  return { reader, operator, notify, version, nowMs: Date.now(), signal, filePolicies: Object.fromEntries(policies) }
}
