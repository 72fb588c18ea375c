import { z } from 'zod'
import {
  type AcknowledgeInput,
  type AlertRuleInput,
  aboutAnswer,
  type activityBy,
  alert,
  alertEvent,
  alertRule,
  type BacktestInput,
  backtestAnswer,
  blameAnswer,
  change,
  changesAnswer,
  channel,
  channelTestAnswer,
  cluster,
  compareAnswer,
  diffAnswer,
  health,
  historyAnswer,
  keyItem,
  leaderChange,
  ledgerRow,
  member,
  memberState,
  metric,
  pageOf,
  podConfigAnswer,
  type RetentionPolicy,
  retentionAnswer,
  retentionPreview,
  seriesAnswer,
  silence,
  valueAnswer,
  verifyAnswer,
  workloadAnswer,
  workloadSummaryAnswer,
  workloadsAnswer,
} from '../../lib/contract'
import { ApiProblem, problemOf, unreachable } from './apiProblem'

/**
 * The one way from the pages to the server. Every answer is checked against the contract before a screen sees it;
 * everything that fails throws an {@link ApiProblem}.
 */

const BASE = '/api/v1'

/** Undefined and empty parameters are left out of the request; lists are sent comma-separated. */
export type Params = Readonly<Record<string, string | number | readonly string[] | undefined>>

/** `from` and `to` as the API takes them: RFC 3339, epoch ms, or relative (`-1h`, `now`). */
export interface RangeParams {
  readonly from: string
  readonly to: string
}

/** A key as the API names it: as text, or as base64 when it is not UTF-8. */
export interface KeyName {
  readonly key?: string | undefined
  readonly keyBase64?: string | undefined
}
/** A moment of a key; `epoch` says whose revisions are meant, the newest's unless given. */
export interface MomentParams extends KeyName {
  readonly at?: string | undefined
  readonly epoch?: number | undefined
}
export interface ValueParams extends MomentParams {
  readonly raw?: 'true' | undefined
}
export interface DiffParams extends KeyName {
  readonly from: string
  readonly to?: string | undefined
  readonly epoch?: number | undefined
}

/** Which containers and what of theirs; all Pods of the namespace unless one is named. */
export interface PodConfigParams {
  readonly namespace: string
  readonly pod?: string | undefined
  readonly kind?: 'ConfigMap' | 'Secret' | undefined
  readonly name?: string | undefined
}

export type Aggregation = 'avg' | 'min' | 'max' | 'last' | 'sum' | 'rate' | 'p50' | 'p90' | 'p99'
export type ActivityBy = z.infer<typeof activityBy>
export type ValueAnswer = z.infer<typeof valueAnswer>

export interface SeriesParams extends RangeParams {
  readonly metric: string
  readonly stepMs?: number | undefined
  readonly agg?: Aggregation | undefined
}
export interface ActivityParams extends RangeParams {
  readonly metric: 'changes' | 'bytes'
  readonly by: ActivityBy
  readonly stepMs?: number | undefined
  readonly top?: number | undefined
}
export interface LedgerParams extends RangeParams {
  readonly by: 'resource' | 'namespace' | 'manager' | 'key'
  readonly limit?: number | undefined
}
export interface PageParams {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}
export interface ChangesParams extends PageParams, KeyName {
  readonly prefix?: string | undefined
  readonly resource?: readonly string[] | undefined
  readonly namespace?: readonly string[] | undefined
  readonly name?: string | undefined
  readonly manager?: readonly string[] | undefined
  readonly op?: readonly string[] | undefined
  readonly significance?: readonly string[] | undefined
  readonly q?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly fromRevision?: string | undefined
  readonly toRevision?: string | undefined
  readonly epoch?: number | undefined
  readonly order?: 'asc' | 'desc' | undefined
}
export interface CompareParams extends PageParams {
  readonly prefix?: string | undefined
  readonly from: string
  readonly to: string
}
/** One key, or all under a prefix; the format by its name. */
export interface ExportParams extends KeyName {
  readonly prefix?: string | undefined
  readonly at: string
  readonly epoch?: number | undefined
  readonly format: 'yaml' | 'ndjson'
}
export interface AlertsParams extends PageParams {
  readonly state?: 'pending' | 'firing' | 'resolved' | undefined
  readonly cluster?: string | undefined
}
export interface AlertEventsParams extends PageParams {
  readonly cluster?: string | undefined
  readonly rule?: string | undefined
  readonly alert?: string | undefined
}
export interface KeysParams extends PageParams {
  readonly prefix?: string | undefined
  readonly prefixBase64?: string | undefined
  readonly at?: string | undefined
  readonly delimiter?: string | undefined
}

/** `at` as the API takes a moment; `from` asks for the steps of each from then on. */
export interface WorkloadsParams extends PageParams {
  readonly at?: string | undefined
  readonly from?: string | undefined
  readonly kind?: readonly string[] | undefined
  readonly namespace?: readonly string[] | undefined
  readonly status?: readonly string[] | undefined
  readonly insight?: 'true' | undefined
  readonly q?: string | undefined
}
/** Which workload; `namespace` is null for a cluster-scoped one, `kind` is `Kind.group` for a custom resource. */
export interface WorkloadName {
  readonly kind: string
  readonly namespace: string | null
  readonly name: string
}
export interface WorkloadSummaryParams extends RangeParams {
  readonly by: 'namespace' | 'kind'
}

/** The query string of a request, parameters in the order given. */
export function queryString(params: Params): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === '') continue
    if (typeof value === 'string' || typeof value === 'number') search.set(name, String(value))
    else if (value.length > 0) search.set(name, value.join(','))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

function get<T>(schema: z.ZodType<T>, path: string, params: Params, signal?: AbortSignal): Promise<T> {
  return ask(schema, `${path}${queryString(params)}`, { signal: signal ?? null })
}

/** A request that changes something; for `useMutation`. A refused body names its field in `ApiProblem.parameter`. */
function send<T>(
  schema: z.ZodType<T>,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return ask(schema, path, { method, signal: signal ?? null, ...(body === undefined ? {} : json) })
}

async function ask<T>(schema: z.ZodType<T>, path: string, init: RequestInit): Promise<T> {
  const headers = { accept: 'application/json', ...init.headers }
  const response = await fetch(`${BASE}${path}`, { ...init, headers }).catch((error) => {
    // An aborted request is the caller's wish, not a failure to show.
    throw init.signal?.aborted === true ? error : unreachable()
  })
  if (!response.ok) throw await problemOf(response)
  const parsed = schema.safeParse(await response.json())
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new ApiProblem({
    status: 200,
    code: 'INTERNAL',
    detail: `${path}: the answer does not keep the contract at ${where}`,
  })
}

/** The same in the interface and in the address of the page. */
export const workloadPath = ({ kind, namespace, name }: WorkloadName) =>
  `/workloads/${[kind, namespace ?? '-', name].map(encodeURIComponent).join('/')}`

const of = (name: string) => `/clusters/${encodeURIComponent(name)}`
const clusterList = z.union([pageOf(cluster), z.object({ items: z.array(cluster) })])
const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })
const ruleAt = (id: string) => `/alert-rules/${encodeURIComponent(id)}`
const channelAt = (id: string) => `/channels/${encodeURIComponent(id)}`
const withStep = <T extends { readonly stepMs?: number | undefined }>({ stepMs, ...rest }: T) => ({
  ...rest,
  step: stepMs === undefined ? undefined : `${stepMs}ms`,
})

export const api = {
  about: (signal?: AbortSignal) => get(aboutAnswer, '/about', {}, signal),
  retention: (name: string, signal?: AbortSignal) => get(retentionAnswer, `${of(name)}/retention`, {}, signal),
  /** Classes of which not every change is kept. */
  thinned: async (name: string, signal?: AbortSignal) =>
    (await get(changesAnswer, `${of(name)}/changes`, { limit: 1 }, signal)).thinned,
  /** What retention removed of one key, newest first. */
  removed: async (name: string, key: KeyName, signal?: AbortSignal) =>
    (await get(historyAnswer, `${of(name)}/history`, { ...key, limit: 1 }, signal)).removed,
  previewRetention: (name: string, policy: RetentionPolicy, signal?: AbortSignal) =>
    send(retentionPreview, 'POST', `${of(name)}/retention/preview`, policy, signal),
  setRetention: (name: string, policy: RetentionPolicy) =>
    send(retentionAnswer, 'PUT', `${of(name)}/retention`, policy),
  health: (signal?: AbortSignal) => get(health, '/health', {}, signal),
  clusters: async (signal?: AbortSignal) => (await get(clusterList, '/clusters', {}, signal)).items,
  cluster: (name: string, signal?: AbortSignal) => get(cluster, of(name), {}, signal),
  members: async (name: string, signal?: AbortSignal) =>
    (await get(listOf(member), `${of(name)}/members`, {}, signal)).items,
  memberStates: async (name: string, range: RangeParams, signal?: AbortSignal) =>
    (await get(listOf(memberState), `${of(name)}/member-states`, { ...range }, signal)).items,
  leaderChanges: async (name: string, range: RangeParams, signal?: AbortSignal) =>
    (await get(listOf(leaderChange), `${of(name)}/leader-changes`, { ...range }, signal)).items,
  metrics: async (name: string, signal?: AbortSignal) =>
    (await get(listOf(metric), `${of(name)}/metrics`, {}, signal)).items,
  series: (name: string, params: SeriesParams, signal?: AbortSignal) =>
    get(seriesAnswer, `${of(name)}/series`, withStep(params), signal),
  activity: (name: string, params: ActivityParams, signal?: AbortSignal) =>
    get(seriesAnswer, `${of(name)}/activity`, withStep(params), signal),
  ledger: async (name: string, params: LedgerParams, signal?: AbortSignal) =>
    (await get(listOf(ledgerRow), `${of(name)}/ledger`, { ...params }, signal)).items,
  changes: (name: string, params: ChangesParams, signal?: AbortSignal) =>
    get(pageOf(change), `${of(name)}/changes`, { ...params }, signal),
  keys: (name: string, params: KeysParams, signal?: AbortSignal) =>
    get(pageOf(keyItem), `${of(name)}/keys`, { ...params }, signal),
  value: (name: string, params: ValueParams, signal?: AbortSignal) =>
    get(valueAnswer, `${of(name)}/value`, { ...params }, signal),
  history: (name: string, params: KeyName & PageParams, signal?: AbortSignal) =>
    get(pageOf(change), `${of(name)}/history`, { ...params }, signal),
  diff: (name: string, params: DiffParams, signal?: AbortSignal) =>
    get(diffAnswer, `${of(name)}/diff`, { ...params }, signal),
  compare: (name: string, params: CompareParams, signal?: AbortSignal) =>
    get(compareAnswer, `${of(name)}/compare`, { ...params }, signal),
  /** A plain address: the browser downloads it itself. */
  exportHref: (name: string, params: ExportParams) => `${BASE}${of(name)}/export${queryString({ ...params })}`,
  podConfig: (name: string, params: PodConfigParams, signal?: AbortSignal) =>
    get(podConfigAnswer, `${of(name)}/pod-config`, { ...params }, signal),
  workloads: (name: string, params: WorkloadsParams, signal?: AbortSignal) =>
    get(workloadsAnswer, `${of(name)}/workloads`, { ...params }, signal),
  workload: (name: string, which: WorkloadName, range: RangeParams, signal?: AbortSignal) =>
    get(workloadAnswer, `${of(name)}${workloadPath(which)}`, { ...range }, signal),
  workloadSummary: (name: string, params: WorkloadSummaryParams, signal?: AbortSignal) =>
    get(workloadSummaryAnswer, `${of(name)}/workload-summary`, { ...params }, signal),
  blame: (name: string, params: MomentParams, signal?: AbortSignal) =>
    get(blameAnswer, `${of(name)}/blame`, { ...params }, signal),
  alerts: (params: AlertsParams, signal?: AbortSignal) => get(pageOf(alert), '/alerts', { ...params }, signal),
  alertEvents: (params: AlertEventsParams, signal?: AbortSignal) =>
    get(pageOf(alertEvent), '/alerts/history', { ...params }, signal),
  acknowledge: (id: string, body: AcknowledgeInput) =>
    send(alert, 'POST', `/alerts/${encodeURIComponent(id)}/acknowledge`, body),
  alertRules: async (name: string | null, signal?: AbortSignal) =>
    (await get(listOf(alertRule), '/alert-rules', { cluster: name ?? undefined }, signal)).items,
  createAlertRule: (rule: AlertRuleInput) => send(alertRule, 'POST', '/alert-rules', rule),
  changeAlertRule: (id: string, rule: AlertRuleInput) => send(alertRule, 'PUT', ruleAt(id), rule),
  /** A built-in rule goes back to its original, any other is gone. */
  removeAlertRule: (id: string) => send(z.unknown(), 'DELETE', ruleAt(id)),
  alertRulesHref: `${BASE}/alert-rules/export`,
  /** Seconds where the range is long: give it a signal. */
  backtest: (input: BacktestInput, signal?: AbortSignal) =>
    send(backtestAnswer, 'POST', '/alert-rules/backtest', input, signal),
  silences: async (signal?: AbortSignal) => (await get(listOf(silence), '/silences', {}, signal)).items,
  createSilence: (body: unknown) => send(silence, 'POST', '/silences', body),
  changeSilence: (id: string, body: unknown) => send(silence, 'PUT', `/silences/${encodeURIComponent(id)}`, body),
  /** One that has begun ends now, any other is gone. */
  removeSilence: (id: string) => send(z.unknown(), 'DELETE', `/silences/${encodeURIComponent(id)}`),
  channels: async (signal?: AbortSignal) => (await get(listOf(channel), '/channels', {}, signal)).items,
  createChannel: (body: unknown) => send(channel, 'POST', '/channels', body),
  changeChannel: (id: string, body: unknown) => send(channel, 'PUT', channelAt(id), body),
  removeChannel: (id: string) => send(z.unknown(), 'DELETE', channelAt(id)),
  /** Seconds, when the receiver is slow. */
  testChannel: (id: string) => send(channelTestAnswer, 'POST', `${channelAt(id)}/test`),
  /** Reads the whole record: seconds to minutes. */
  verify: (name: string, head: string, signal?: AbortSignal) =>
    get(verifyAnswer, `${of(name)}/verify`, { head }, signal),
} as const
