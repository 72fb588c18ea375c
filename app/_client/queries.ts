'use client'

import { keepPreviousData, skipToken, type UseQueryOptions, useQuery } from '@tanstack/react-query'
import type { BacktestInput, Cluster, RetentionPolicy } from '../../lib/contract'
import {
  type ActivityParams,
  type AlertsParams,
  api,
  type ChangesParams,
  type DiffParams,
  type KeysParams,
  type LedgerParams,
  type MomentParams,
  type PodConfigParams,
  type RangeParams,
  type SeriesParams,
  type ValueParams,
} from './api'

/**
 * Query hooks with stable keys: `[topic, cluster, what, params]`. The topic is the stream's, so a `changed` frame
 * finds its queries by the head of the key; relative ranges stay relative in the key (`-15m`), so a live page
 * refetches one entry instead of leaving a trail of them. `everyMs` bounds costly ones (see refresh.ts).
 */
const HEAVY_MS = 1000

type Off = { readonly enabled?: boolean | undefined }
const shared = { placeholderData: keepPreviousData } as const satisfies Partial<UseQueryOptions>
const heavy = { ...shared, meta: { everyMs: HEAVY_MS } } as const

export const useClusters = () =>
  useQuery({
    queryKey: ['state', '*', 'clusters'],
    queryFn: ({ signal }) => api.clusters(signal),
    meta: { topics: ['leader', 'changes'], everyMs: 500 },
  })

/** One cluster out of the shared list: no request of its own. Undefined while loading or when unknown. */
export const useCluster = (name: string) => {
  const list = useClusters()
  const data: Cluster | undefined = list.data?.find((cluster) => cluster.name === name)
  return { ...list, data, unknown: list.data !== undefined && data === undefined }
}

export const useHealth = () =>
  useQuery({
    queryKey: ['state', '*', 'health'],
    queryFn: ({ signal }) => api.health(signal),
    meta: { everyMs: HEAVY_MS },
  })

export const useAbout = () =>
  useQuery({ queryKey: ['state', '*', 'about'], queryFn: ({ signal }) => api.about(signal) })

/** Each answer counts the whole record, which the stream's topics would ask for far too often. */
const COUNTING_MS = 20_000

export const useRetention = (cluster: string) =>
  useQuery({
    queryKey: ['retention', cluster],
    queryFn: ({ signal }) => api.retention(cluster, signal),
    refetchInterval: COUNTING_MS,
    ...shared,
  })

export const useThinned = (cluster: string) =>
  useQuery({
    queryKey: ['state', cluster, 'thinned'],
    queryFn: ({ signal }) => api.thinned(cluster, signal),
    ...shared,
    meta: { everyMs: COUNTING_MS },
  })

/** Null: nothing to ask about. */
export const useRetentionPreview = (cluster: string, policy: RetentionPolicy | null) =>
  useQuery({
    // Under no topic of the stream: the question is about a draft, and is asked again when the draft changes.
    queryKey: ['draft', cluster, 'retention', policy],
    queryFn: policy === null ? skipToken : ({ signal }) => api.previewRetention(cluster, policy, signal),
    ...shared,
  })

export const useMembers = (cluster: string) =>
  useQuery({
    queryKey: ['members', cluster, 'members'],
    queryFn: ({ signal }) => api.members(cluster, signal),
    // Its own topic tells of changes only; latency, raft lag and sizes move with each look at the members.
    meta: { topics: ['leader', 'state'], everyMs: HEAVY_MS },
  })

export const useMemberStates = (cluster: string, range: RangeParams) =>
  useQuery({
    queryKey: ['members', cluster, 'states', range],
    queryFn: ({ signal }) => api.memberStates(cluster, range, signal),
    ...shared,
    // A stretch that goes on changes nothing, but the lanes must grow with the charts beneath them.
    meta: { topics: ['leader', 'metrics'], everyMs: HEAVY_MS },
  })

export const leaderChangesQuery = (cluster: string, range: RangeParams) => ({
  queryKey: ['leader', cluster, 'changes', range] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => api.leaderChanges(cluster, range, signal),
  ...shared,
})
export const useLeaderChanges = (cluster: string, range: RangeParams) => useQuery(leaderChangesQuery(cluster, range))

export const useSeries = (cluster: string, params: SeriesParams) =>
  useQuery({
    queryKey: ['metrics', cluster, 'series', params],
    queryFn: ({ signal }) => api.series(cluster, params, signal),
    ...heavy,
  })

export const activityQuery = (cluster: string, params: ActivityParams) => ({
  queryKey: ['changes', cluster, 'activity', params] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => api.activity(cluster, params, signal),
  ...heavy,
})
export const useActivity = (cluster: string, params: ActivityParams) => useQuery(activityQuery(cluster, params))

export const useLedger = (cluster: string, params: LedgerParams) =>
  useQuery({
    queryKey: ['changes', cluster, 'ledger', params],
    queryFn: ({ signal }) => api.ledger(cluster, params, signal),
    ...shared,
    meta: { everyMs: 2 * HEAVY_MS },
  })

export const changesQuery = (cluster: string, params: ChangesParams) => ({
  queryKey: ['changes', cluster, 'list', params] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => api.changes(cluster, params, signal),
  ...shared,
})
export const useChanges = (cluster: string, params: ChangesParams, { enabled = true }: Off = {}) =>
  useQuery({ ...changesQuery(cluster, params), enabled })

export const useKeys = (cluster: string, params: KeysParams, { enabled = true }: Off = {}) =>
  useQuery({
    queryKey: ['changes', cluster, 'keys', params],
    queryFn: ({ signal }) => api.keys(cluster, params, signal),
    ...heavy,
    enabled,
  })

/** What was recorded at a revision never changes: no frame reads it again, however large it is. */
const topicOf = (...moments: readonly (string | undefined)[]) =>
  moments.every((moment) => moment !== undefined && /^\d{1,19}$/.test(moment)) ? 'recorded' : 'changes'

export const useValue = (cluster: string, params: ValueParams, { enabled = true }: Off = {}) =>
  useQuery({
    queryKey: [topicOf(params.at), cluster, 'value', params],
    queryFn: ({ signal }) => api.value(cluster, params, signal),
    ...shared,
    enabled,
  })

export const useBlame = (cluster: string, params: MomentParams, { enabled = true }: Off = {}) =>
  useQuery({
    queryKey: [topicOf(params.at), cluster, 'blame', params],
    queryFn: ({ signal }) => api.blame(cluster, params, signal),
    ...shared,
    enabled,
  })

/** Looks at every Pod of a namespace, and Pods change often. */
export const usePodConfig = (cluster: string, params: PodConfigParams) =>
  useQuery({
    queryKey: ['changes', cluster, 'pod-config', params],
    queryFn: ({ signal }) => api.podConfig(cluster, params, signal),
    ...shared,
    meta: { everyMs: 5 * HEAVY_MS },
  })

export const useDiff = (cluster: string, params: DiffParams, { enabled = true }: Off = {}) =>
  useQuery({
    queryKey: [topicOf(params.from, params.to), cluster, 'diff', params],
    queryFn: ({ signal }) => api.diff(cluster, params, signal),
    ...shared,
    enabled,
  })

/** Of all clusters, or of one. */
export const useAlerts = (params: AlertsParams) =>
  useQuery({
    queryKey: ['alerts', params.cluster ?? '*', 'alerts', params],
    queryFn: ({ signal }) => api.alerts(params, signal),
    ...shared,
  })

export const useFiringAlerts = (cluster: string) => useAlerts({ state: 'firing', cluster, limit: 1000 })

export const useAlertRules = (cluster: string | null) =>
  useQuery({
    queryKey: ['alerts', cluster ?? '*', 'rules'],
    queryFn: ({ signal }) => api.alertRules(cluster, signal),
    meta: { everyMs: HEAVY_MS },
  })

export const useSilences = () =>
  useQuery({ queryKey: ['alerts', '*', 'silences'], queryFn: ({ signal }) => api.silences(signal) })

export const useChannels = () =>
  useQuery({ queryKey: ['alerts', '*', 'channels'], queryFn: ({ signal }) => api.channels(signal) })

export const useMetrics = (cluster: string) =>
  useQuery({ queryKey: ['recorded', cluster, 'metrics'], queryFn: ({ signal }) => api.metrics(cluster, signal) })

/**
 * What a rule would have done. Runs when asked with other input, not with each frame of the stream: a range of days
 * takes its time, and a threshold that is dragged asks often.
 */
export const useBacktest = (input: BacktestInput | null) =>
  useQuery({
    queryKey: ['backtest', input?.cluster ?? '*', input],
    queryFn: input === null ? skipToken : ({ signal }) => api.backtest(input, signal),
    ...shared,
    staleTime: 15_000,
    retry: false,
  })
