import type { z } from 'zod'
import * as catchAll from '../../../app/api/[[...path]]/route'
import * as about from '../../../app/api/v1/about/route'
import * as alertRule from '../../../app/api/v1/alert-rules/[id]/route'
import * as backtestAlertRule from '../../../app/api/v1/alert-rules/backtest/route'
import * as alertRuleFile from '../../../app/api/v1/alert-rules/export/route'
import * as alertRules from '../../../app/api/v1/alert-rules/route'
import * as acknowledgeAlert from '../../../app/api/v1/alerts/[id]/acknowledge/route'
import * as alertHistory from '../../../app/api/v1/alerts/history/route'
import * as alerts from '../../../app/api/v1/alerts/route'
import * as channel from '../../../app/api/v1/channels/[id]/route'
import * as testChannel from '../../../app/api/v1/channels/[id]/test/route'
import * as channels from '../../../app/api/v1/channels/route'
import * as activity from '../../../app/api/v1/clusters/[cluster]/activity/route'
import * as blame from '../../../app/api/v1/clusters/[cluster]/blame/route'
import * as changes from '../../../app/api/v1/clusters/[cluster]/changes/route'
import * as compare from '../../../app/api/v1/clusters/[cluster]/compare/route'
import * as diff from '../../../app/api/v1/clusters/[cluster]/diff/route'
import * as exported from '../../../app/api/v1/clusters/[cluster]/export/route'
import * as history from '../../../app/api/v1/clusters/[cluster]/history/route'
import * as keys from '../../../app/api/v1/clusters/[cluster]/keys/route'
import * as kinds from '../../../app/api/v1/clusters/[cluster]/kinds/route'
import * as leaderChanges from '../../../app/api/v1/clusters/[cluster]/leader-changes/route'
import * as ledger from '../../../app/api/v1/clusters/[cluster]/ledger/route'
import * as memberStates from '../../../app/api/v1/clusters/[cluster]/member-states/route'
import * as members from '../../../app/api/v1/clusters/[cluster]/members/route'
import * as metrics from '../../../app/api/v1/clusters/[cluster]/metrics/route'
import * as podConfig from '../../../app/api/v1/clusters/[cluster]/pod-config/route'
import * as previewRetention from '../../../app/api/v1/clusters/[cluster]/retention/preview/route'
import * as retention from '../../../app/api/v1/clusters/[cluster]/retention/route'
import * as cluster from '../../../app/api/v1/clusters/[cluster]/route'
import * as series from '../../../app/api/v1/clusters/[cluster]/series/route'
import * as value from '../../../app/api/v1/clusters/[cluster]/value/route'
import * as verify from '../../../app/api/v1/clusters/[cluster]/verify/route'
import * as workloadSummary from '../../../app/api/v1/clusters/[cluster]/workload-summary/route'
import * as workload from '../../../app/api/v1/clusters/[cluster]/workloads/[kind]/[namespace]/[name]/route'
import * as workloads from '../../../app/api/v1/clusters/[cluster]/workloads/route'
import * as clusters from '../../../app/api/v1/clusters/route'
import * as health from '../../../app/api/v1/health/route'
import * as openapi from '../../../app/api/v1/openapi.json/route'
import * as silence from '../../../app/api/v1/silences/[id]/route'
import * as silences from '../../../app/api/v1/silences/route'
import * as stream from '../../../app/api/v1/stream/route'
import * as livez from '../../../app/livez/route'
import * as exposition from '../../../app/metrics/route'
import * as readyz from '../../../app/readyz/route'
import { type Endpoint, type EndpointName, endpoints } from '../../../lib/contract'

const routes = {
  livez,
  readyz,
  exposition,
  openapi,
  health,
  stream,
  clusters,
  cluster,
  members,
  memberStates,
  leaderChanges,
  kinds,
  metrics,
  series,
  activity,
  ledger,
  changes,
  keys,
  value,
  history,
  diff,
  blame,
  compare,
  export: exported,
  podConfig,
  workloads,
  workload,
  workloadSummary,
  verify,
  backtestAlertRule,
  alertRuleFile,
  alerts,
  alertHistory,
  acknowledgeAlert,
  alertRules,
  createAlertRule: alertRules,
  alertRule,
  changeAlertRule: alertRule,
  deleteAlertRule: alertRule,
  silences,
  createSilence: silences,
  silence,
  changeSilence: silence,
  deleteSilence: silence,
  channels,
  createChannel: channels,
  channel,
  changeChannel: channel,
  deleteChannel: channel,
  testChannel,
  retention,
  setRetention: retention,
  previewRetention,
  about,
} satisfies Record<EndpointName, object>

interface Options {
  cluster?: string
  /** Path parameters beside the cluster. */
  params?: Record<string, string>
  headers?: Record<string, string>
  /** The endpoint's own unless given. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
}

/** Asks a route the way Next does: the path's parameters apart, as a promise. */
export function ask(name: EndpointName, query: Record<string, string> | string = {}, options: Options = {}) {
  const endpoint: Endpoint<z.ZodObject, z.ZodObject, unknown> = endpoints[name]
  const { cluster = 'prod', headers = {}, method = endpoint.method ?? 'GET', body, signal } = options
  const given: Record<string, string> = { cluster, ...options.params }
  const params = Object.fromEntries(Object.keys(endpoint.params.shape).map((key) => [key, given[key] ?? 'none']))
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_whole, key: string) => params[key] ?? '')
  const search = typeof query === 'string' ? query : new URLSearchParams(query).toString()
  const request = new Request(`http://localhost:3000${path}?${search}`, {
    method,
    headers: {
      host: 'localhost:3000',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  return routes[name][method](request, { params: Promise.resolve(params) })
}

export function askUnknown(path: string, method: 'GET' | 'POST' = 'GET') {
  const request = new Request(`http://localhost:3000${path}`, { method, headers: { host: '127.0.0.1:3000' } })
  const handler = method === 'GET' ? catchAll.GET : catchAll.POST
  return handler(request, { params: Promise.resolve({ path: path.split('/').slice(2) }) })
}
