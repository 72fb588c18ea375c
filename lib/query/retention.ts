import {
  type AnswerOf,
  type InputOf,
  keepAll,
  type RetentionClass,
  retentionClass,
  retentionPolicy,
  retentionRun,
} from '../contract'
import { ScopeError } from '../core/errors'
import { type ClassCost, type Cutoffs, cutoffsOf } from '../store/retention'
import type { ClusterRow } from '../store/store'
import { timeOf, timeOrNull } from './instant'
import { snapshotOf } from './recordedSnapshot'
import { clusterOf, type Scope, type WriteScope } from './scope'
import { horizonItem } from './thinned'

const keepNothingAway: Cutoffs = { heartbeats: null, events: null, status: null, configuration: null }

/** What is kept how long, by whose word, and what it costs at present. */
export async function retention(scope: Scope, input: InputOf<'retention'>): Promise<AnswerOf<'retention'>> {
  return answerFor(scope, await clusterOf(scope, input.cluster))
}

/** Sets the policy of a cluster. PERMISSION_DENIED while the configuration file has one. */
export async function setRetention(
  scope: WriteScope,
  input: InputOf<'setRetention'>,
): Promise<AnswerOf<'setRetention'>> {
  const cluster = await clusterOf(scope, input.cluster)
  if (scope.filePolicies?.[cluster.name] !== undefined) {
    throw new ScopeError(
      'PERMISSION_DENIED',
      `The retention of ${cluster.name} stands in the configuration file: change it there and start again.`,
    )
  }
  await scope.operator.setRetentionPolicy(cluster, input.body, scope.nowMs)
  return answerFor(scope, cluster)
}

/** What a policy would free of the record as it is. Changes nothing. */
export async function previewRetention(
  scope: Scope,
  input: InputOf<'previewRetention'>,
): Promise<AnswerOf<'previewRetention'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const cutoffs = cutoffsOf(input.body, scope.nowMs)
  const [cost, usage] = await Promise.all([
    scope.reader.retentionCost(cluster, cutoffs, scope.signal),
    scope.reader.usage(),
  ])
  const byAge = retentionClass.options.map((name) => ({ class: name, ...cost[name].freed }))
  const freed = sum(byAge.map(({ bytes }) => bytes))
  const limit = input.body.maxDatabaseBytes
  const excess = limit === null ? 0 : Math.max(0, usage.usedBytes - freed - limit)
  let left = excess
  const classes = byAge.map((each) => {
    const { rest, takes } = takenForSize(cost[each.class], left)
    left = rest
    const changes = each.changes + takes.changes
    const bytes = each.bytes + takes.bytes
    return {
      class: each.class,
      changes,
      bytes,
      oldestKept: takes.changes > 0 ? null : oldestKept(cost, cutoffs, each.class),
    }
  })
  return {
    classes,
    changes: sum(classes.map(({ changes }) => changes)),
    bytes: sum(classes.map(({ bytes }) => bytes)),
    note: sizeNote(excess, left),
  }
}

/** The oldest of a class goes as far as the size asks for it; what is newest stays, so never quite all. */
function takenForSize(cost: ClassCost, wantedBytes: number) {
  const there = { changes: cost.changes - cost.freed.changes, bytes: cost.bytes - cost.freed.bytes }
  const bytes = Math.min(wantedBytes, Math.max(0, there.bytes))
  const changes = there.bytes === 0 ? 0 : Math.round((there.changes * bytes) / there.bytes)
  return { rest: wantedBytes - bytes, takes: { changes, bytes } }
}

function sizeNote(excess: number, left: number): string | null {
  if (excess === 0) return null
  const mib = Math.ceil(excess / 2 ** 20).toLocaleString('en-US')
  const parts = [
    `About ${mib} MiB of this go for the size of the database, the oldest of the least important class first.`,
  ]
  if (left > 0) parts.push('The size lies below what must stay.')
  return parts.join(' ')
}

function oldestKept(
  cost: Readonly<Record<RetentionClass, ClassCost>>,
  cutoffs: Cutoffs,
  name: RetentionClass,
): string | null {
  const [cutoffMs, oldestMs] = [cutoffs[name], cost[name].oldestMs]
  return timeOrNull(cutoffMs === null || oldestMs === null ? oldestMs : Math.max(cutoffMs, oldestMs))
}

async function answerFor(scope: Scope, cluster: ClusterRow): Promise<AnswerOf<'retention'>> {
  const [cost, usage, horizons, onScreen, state] = await Promise.all([
    scope.reader.retentionCost(cluster, keepNothingAway, scope.signal),
    scope.reader.usage(),
    scope.reader.horizons(cluster),
    scope.reader.screenPolicy(cluster),
    scope.reader.retentionState(cluster),
  ])
  const fromFile = scope.filePolicies?.[cluster.name]
  const fromScreen = onScreen === null ? undefined : retentionPolicy.safeParse(onScreen.policy).data
  return {
    policy: fromFile ?? fromScreen ?? keepAll,
    source: fromFile !== undefined ? 'file' : fromScreen !== undefined ? 'screen' : 'default',
    setAt: fromFile === undefined && fromScreen !== undefined && onScreen !== null ? timeOf(onScreen.setMs) : null,
    archived: snapshotOf(cluster, scope.nowMs)?.document.state === 'archived',
    classes: retentionClass.options.map((name) => ({
      class: name,
      changes: cost[name].changes,
      bytes: cost[name].bytes,
      oldest: timeOrNull(cost[name].oldestMs),
    })),
    horizons: horizons.map(horizonItem),
    ...usage,
    lastRun: retentionRun.safeParse(state).data ?? null,
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
