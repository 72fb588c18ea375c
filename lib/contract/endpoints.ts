import { z } from 'zod'
import { acknowledgeInput, alert, alertEvent, alertHistoryQuery, alertsQuery } from './alert'
import { alertRule, alertRuleInput, alertRulesQuery, backtestAnswer, backtestInput } from './alertRule'
import { blameAnswer, blameQuery } from './blame'
import {
  changesAnswer,
  changesQuery,
  diffAnswer,
  diffQuery,
  historyAnswer,
  historyQuery,
  keysAnswer,
  keysQuery,
  valueAnswer,
  valueQuery,
  verifyAnswer,
  verifyQuery,
} from './change'
import { channel, channelInput, channelTestAnswer } from './channel'
import { cluster, health } from './cluster'
import { clusterName, instantParam, pageOf } from './common'
import { compareAnswer, compareQuery, exportQuery } from './compare'
import { kindItem } from './kind'
import { leaderChange, member, memberState } from './member'
import { podConfigAnswer, podConfigQuery } from './podConfig'
import { aboutAnswer, retentionAnswer, retentionPolicy, retentionPreview } from './retention'
import { activityQuery, ledgerQuery, ledgerRow, metric, seriesAnswer, seriesQuery } from './series'
import { silence, silenceInput, silencesQuery } from './silence'
import { streamQuery } from './stream'
import {
  workloadAnswer,
  workloadParams,
  workloadQuery,
  workloadSummaryAnswer,
  workloadSummaryQuery,
  workloadsAnswer,
  workloadsQuery,
} from './workload'

/**
 * Every path of the interface with its parameters and answer: routes parse with it, the OpenAPI document is made
 * from it, and a test holds it equal to the route files.
 */
export interface Endpoint<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  A = z.ZodType,
  B extends z.ZodType | undefined = z.ZodType | undefined,
> {
  /** GET unless it says otherwise. Several endpoints may share a path. */
  readonly method?: 'POST' | 'PUT' | 'DELETE'
  /** As OpenAPI writes it: `/api/v1/clusters/{cluster}`. */
  readonly path: string
  readonly summary: string
  readonly params: P
  readonly query: Q
  /** Of POST and PUT: the JSON that the request carries. */
  readonly body?: B
  /** The JSON answer's schema; null when the answer is not JSON. */
  readonly answer: A
  /** Media type of the answer. */
  readonly produces: string
}

const none = z.object({})
const ofCluster = z.object({ cluster: clusterName })
const range = { from: instantParam.default('-24h'), to: instantParam.default('now') }

function at<Q extends z.ZodObject, A extends z.ZodType>(
  path: string,
  summary: string,
  query: Q,
  answer: A,
): Endpoint<typeof none, Q, A> {
  return { path: `/api/v1${path}`, summary, params: none, query, answer, produces: 'application/json' }
}

function atCluster<Q extends z.ZodObject, A extends z.ZodType>(
  path: string,
  summary: string,
  query: Q,
  answer: A,
): Endpoint<typeof ofCluster, Q, A> {
  return {
    path: `/api/v1/clusters/{cluster}${path}`,
    summary,
    params: ofCluster,
    query,
    answer,
    produces: 'application/json',
  }
}

function plain(path: string, summary: string, produces = 'text/plain'): Endpoint<typeof none, typeof none, null> {
  return { path, summary, params: none, query: none, answer: null, produces }
}

const ofAlert = z.object({ id: z.string().min(1).max(200) })
const ofRule = z.object({ id: z.string().min(1).max(200).describe("a rule's id or name") })
const ofSilence = z.object({ id: z.string().min(1).max(100) })
const ofChannel = z.object({ id: z.string().min(1).max(200) })
/** What every endpoint about one alert or rule shares. */
const json = { query: none, produces: 'application/json' } as const

export const leaderChangesQuery = z.object(range)
export const memberStatesQuery = z.object(range)

export const endpoints = {
  livez: plain('/livez', 'Answers while the process lives'),
  readyz: plain('/readyz', 'Answers 200 once the database is open and migrated'),
  exposition: plain('/metrics', 'What etcdscope knows and how it is, for Prometheus', 'text/plain; version=0.0.4'),
  openapi: at('/openapi.json', 'This document', none, z.record(z.string(), z.unknown())),
  health: at('/health', 'State of the store and of every collector', none, health),
  stream: {
    path: '/api/v1/stream',
    summary: 'Server-sent events: what changed, by topic',
    params: none,
    query: streamQuery.extend({
      lastEventId: z
        .string()
        .max(40)
        .optional()
        .describe('as the Last-Event-ID header, for clients that cannot set it'),
    }),
    answer: null,
    produces: 'text/event-stream',
  },
  clusters: at('/clusters', 'The watched clusters', none, pageOf(cluster)),
  cluster: atCluster('', 'One watched cluster', none, cluster),
  members: atCluster('/members', 'The members of the cluster', none, pageOf(member)),
  memberStates: atCluster('/member-states', "Stretches of each member's life", memberStatesQuery, pageOf(memberState)),
  leaderChanges: atCluster(
    '/leader-changes',
    'Changes of leader, newest first',
    leaderChangesQuery,
    pageOf(leaderChange),
  ),
  kinds: atCluster('/kinds', 'What discovery tells of the kinds, where an apiserver is known', none, pageOf(kindItem)),
  metrics: atCluster('/metrics', 'Catalogue of the recorded metrics', none, pageOf(metric)),
  series: atCluster('/series', 'One metric over time, a series a member', seriesQuery, seriesAnswer),
  activity: atCluster('/activity', 'Recorded changes over time by label', activityQuery, seriesAnswer),
  ledger: atCluster('/ledger', 'Who writes how much', ledgerQuery, pageOf(ledgerRow)),
  changes: atCluster('/changes', 'The change log', changesQuery, changesAnswer),
  keys: atCluster('/keys', 'The keys under a prefix at a moment', keysQuery, keysAnswer),
  value: atCluster('/value', "One key's value at a moment", valueQuery, valueAnswer),
  history: atCluster('/history', 'The versions of one key, newest first', historyQuery, historyAnswer),
  diff: atCluster('/diff', "One key's value at two moments, compared", diffQuery, diffAnswer),
  blame: atCluster('/blame', 'Who last changed each line of a value', blameQuery, blameAnswer),
  compare: atCluster('/compare', 'The keyspace under a prefix at two moments, compared', compareQuery, compareAnswer),
  export: {
    path: '/api/v1/clusters/{cluster}/export',
    summary: 'The keys under a prefix at a moment as a file',
    params: ofCluster,
    query: exportQuery,
    answer: null,
    produces: 'application/yaml',
  },
  podConfig: atCluster(
    '/pod-config',
    'Config at start: what running containers read, and whether it is still current',
    podConfigQuery,
    podConfigAnswer,
  ),
  alerts: at('/alerts', 'Alerts, newest first', alertsQuery, pageOf(alert)),
  alertHistory: at('/alerts/history', 'Each step of each alert, newest first', alertHistoryQuery, pageOf(alertEvent)),
  acknowledgeAlert: {
    ...json,
    method: 'POST',
    path: '/api/v1/alerts/{id}/acknowledge',
    summary: 'Notes that somebody has taken the alert on',
    params: ofAlert,
    body: acknowledgeInput,
    answer: alert,
  },
  alertRules: at('/alert-rules', 'The rules in force, by name', alertRulesQuery, pageOf(alertRule)),
  createAlertRule: {
    ...json,
    method: 'POST',
    path: '/api/v1/alert-rules',
    summary: 'Creates a rule',
    params: none,
    body: alertRuleInput,
    answer: alertRule,
  },
  backtestAlertRule: {
    ...json,
    method: 'POST',
    path: '/api/v1/alert-rules/backtest',
    summary: 'When a rule, stored or only written down, would have fired over a stored range',
    params: none,
    body: backtestInput,
    answer: backtestAnswer,
  },
  alertRuleFile: plain(
    '/api/v1/alert-rules/export',
    'The rules that Prometheus can evaluate, as a rule file',
    'application/yaml',
  ),
  alertRule: { ...json, path: '/api/v1/alert-rules/{id}', summary: 'One rule', params: ofRule, answer: alertRule },
  changeAlertRule: {
    ...json,
    method: 'PUT',
    path: '/api/v1/alert-rules/{id}',
    summary: 'Changes a rule; a built-in one keeps its name',
    params: ofRule,
    body: alertRuleInput,
    answer: alertRule,
  },
  deleteAlertRule: {
    ...json,
    method: 'DELETE',
    path: '/api/v1/alert-rules/{id}',
    summary: 'Deletes a rule; a built-in one goes back to its original, which is the answer',
    params: ofRule,
    answer: z.object({ rule: alertRule.nullable() }),
  },
  workloads: atCluster('/workloads', 'Workloads at a moment, desired and actual', workloadsQuery, workloadsAnswer),
  workload: {
    ...json,
    path: '/api/v1/clusters/{cluster}/workloads/{kind}/{namespace}/{name}',
    summary: 'One workload over time: steps, rollouts, pods, events, configuration, ownership',
    params: workloadParams,
    query: workloadQuery,
    answer: workloadAnswer,
  },
  workloadSummary: atCluster(
    '/workload-summary',
    'Workloads that are not Current over time, and how long rollouts take, by namespace or kind',
    workloadSummaryQuery,
    workloadSummaryAnswer,
  ),
  silences: at('/silences', 'Silences, the latest end first', silencesQuery, pageOf(silence)),
  createSilence: {
    ...json,
    method: 'POST',
    path: '/api/v1/silences',
    summary: 'Holds back the notifications of alerts that match',
    params: none,
    body: silenceInput,
    answer: silence,
  },
  silence: { ...json, path: '/api/v1/silences/{id}', summary: 'One silence', params: ofSilence, answer: silence },
  changeSilence: {
    ...json,
    method: 'PUT',
    path: '/api/v1/silences/{id}',
    summary: 'Changes a silence',
    params: ofSilence,
    body: silenceInput,
    answer: silence,
  },
  deleteSilence: {
    ...json,
    method: 'DELETE',
    path: '/api/v1/silences/{id}',
    summary: 'Ends a silence, which is the answer then; one that has not begun, or has ended, is deleted',
    params: ofSilence,
    answer: z.object({ silence: silence.nullable() }),
  },
  channels: at('/channels', 'Channels and how they are doing, by name', none, pageOf(channel)),
  createChannel: {
    ...json,
    method: 'POST',
    path: '/api/v1/channels',
    summary: 'Creates a channel; its secrets are encrypted and never told again',
    params: none,
    body: channelInput,
    answer: channel,
  },
  channel: { ...json, path: '/api/v1/channels/{id}', summary: 'One channel', params: ofChannel, answer: channel },
  changeChannel: {
    ...json,
    method: 'PUT',
    path: '/api/v1/channels/{id}',
    summary: 'Changes a channel; secrets that are left out stay',
    params: ofChannel,
    body: channelInput,
    answer: channel,
  },
  deleteChannel: {
    ...json,
    method: 'DELETE',
    path: '/api/v1/channels/{id}',
    summary: 'Deletes a channel with all that waits for it',
    params: ofChannel,
    answer: z.object({ deleted: z.literal(true) }),
  },
  testChannel: {
    ...json,
    method: 'POST',
    path: '/api/v1/channels/{id}/test',
    summary: 'Sends a message through the channel now, and answers what came of it',
    params: ofChannel,
    answer: channelTestAnswer,
  },
  verify: atCluster('/verify', 'Checks the stored record', verifyQuery, verifyAnswer),
  retention: atCluster('/retention', 'What of the record is kept how long, and what it costs', none, retentionAnswer),
  setRetention: {
    ...atCluster('/retention', 'Sets what is kept how long', none, retentionAnswer),
    method: 'PUT',
    body: retentionPolicy,
  },
  previewRetention: {
    ...atCluster('/retention/preview', 'What a policy would free; changes nothing', none, retentionPreview),
    method: 'POST',
    body: retentionPolicy,
  },
  about: at('/about', 'What runs here, and where it keeps what it records', none, aboutAnswer),
} as const

export type EndpointName = keyof typeof endpoints
/** The checked input of an endpoint: path and query parameters in one object, and the body, where there is one. */
export type InputOf<N extends EndpointName> = z.output<(typeof endpoints)[N]['params']> &
  z.output<(typeof endpoints)[N]['query']> &
  BodyOf<(typeof endpoints)[N]>
type BodyOf<E> = E extends { readonly body: infer B extends z.ZodType } ? { readonly body: z.output<B> } : unknown
export type AnswerOf<N extends EndpointName> = (typeof endpoints)[N]['answer'] extends z.ZodType
  ? z.output<(typeof endpoints)[N]['answer']>
  : never
