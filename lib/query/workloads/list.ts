import { z } from 'zod'
import type { AnswerOf, InputOf, StatusCounts, WorkloadStatus } from '../../contract'
import { ScopeError } from '../../core/errors'
import type { TrackedRow } from '../../store/workloadStore'
import { parseInstant, timeOf } from '../instant'
import { digits, readCursor, writeCursor } from '../pageCursor'
import { clusterOf, type Scope } from '../scope'
import { insightsAt } from './insightItems'
import { shownStatus, workloadItems } from './items'
import { timedMoment } from './span'

/** The workloads of a cluster at any moment of its record, those first that need somebody. */

const positionShape = z.tuple([z.number().int().min(1), digits, z.number().int().min(0)])

export async function workloads(scope: Scope, input: InputOf<'workloads'>): Promise<AnswerOf<'workloads'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const position = readCursor(input.cursor, 'workloads', positionShape)
  // Every page tells of the same moment.
  const at = position === null ? input.at : position[1]
  const moment = await timedMoment(scope, cluster, at, { epoch: position === null ? input.epoch : position[0] })
  const { epoch, revision, atMs } = moment
  const all = (await scope.reader.trackedAt(cluster, epoch, revision, 'workload')).map((row) => ({
    row,
    status: shownStatus(row.step.status),
    remarked: insightsAt(row.step.insights, atMs).length > 0,
  }))
  const scoped = all.filter(
    ({ row }) => isOfKind(row, input.kind) && isIn(row, input.namespace) && holds(row, atMs, input.q),
  )
  const wanted = statusesOf(input.status)
  const found = scoped
    .filter(
      ({ status, remarked }) => (wanted === null || wanted.has(status)) && (input.insight === undefined || remarked),
    )
    .sort((a, b) => rank(a.status) - rank(b.status) || Number(b.remarked) - Number(a.remarked) || byName(a.row, b.row))
  const first = position?.[2] ?? 0
  const page = found.slice(first, first + input.limit).map(({ row }) => row)
  const fromMs = input.from === undefined ? null : parseInstant(input.from, scope.nowMs, 'from')
  const stepsFrom = fromMs === null ? null : ((await scope.reader.revisionAt(cluster, epoch, fromMs)) ?? 0n)
  const more = first + input.limit < found.length
  return {
    revision: String(revision),
    at: timeOf(atMs),
    counts: countsOf(scoped.map(({ status }) => status)),
    withInsight: scoped.filter(({ remarked }) => remarked).length,
    derivedThrough: String((await scope.reader.derivedThrough(cluster, epoch)) ?? 0n),
    items: await workloadItems(scope, cluster, moment, page, stepsFrom),
    nextCursor: more ? writeCursor('workloads', [epoch, String(revision), first + input.limit]) : null,
  }
}

function isOfKind({ kind, group }: TrackedRow, kinds: readonly string[] | undefined): boolean {
  if (kinds === undefined) return true
  const [bare, full] = [kind.toLowerCase(), `${kind}.${group}`.toLowerCase()]
  return kinds.some((wanted) => wanted.toLowerCase() === bare || wanted.toLowerCase() === full)
}

function isIn({ namespace }: TrackedRow, namespaces: readonly string[] | undefined): boolean {
  if (namespaces === undefined) return true
  const own = namespace ?? ''
  const wanted = namespaces.filter((one) => !one.startsWith('-'))
  if (namespaces.includes(`-${own}`)) return false
  return wanted.length === 0 || wanted.includes(own)
}

function holds({ kind, namespace, name, step }: TrackedRow, atMs: number, q: string | undefined): boolean {
  if (q === undefined || q === '') return true
  const remarks = insightsAt(step.insights, atMs).flatMap((one) => [one.kind, one.detail])
  const words = [kind, namespace, name, step.reason, ...remarks]
  const wanted = q.toLowerCase()
  return words.some((word) => word?.toLowerCase().includes(wanted))
}

const statuses: readonly WorkloadStatus[] = ['Current', 'InProgress', 'Failed', 'Terminating', 'Unknown']

/** Null: all. Rejects with BAD_REQUEST naming `status`. */
function statusesOf(words: readonly string[] | undefined): ReadonlySet<WorkloadStatus> | null {
  if (words === undefined || words.length === 0) return null
  return new Set(
    words.flatMap((word) => {
      if (word.toLowerCase() === 'notcurrent') return statuses.filter((status) => status !== 'Current')
      const known = statuses.find((status) => status.toLowerCase() === word.toLowerCase())
      if (known !== undefined) return [known]
      const names = [...statuses, 'notCurrent'].join(', ')
      throw new ScopeError('BAD_REQUEST', `status: ${JSON.stringify(word)} is none of ${names}.`, { subject: 'status' })
    }),
  )
}

const ranks: Readonly<Record<WorkloadStatus, number>> = {
  Failed: 0,
  InProgress: 1,
  Unknown: 1,
  Terminating: 1,
  Current: 2,
}
const rank = (status: WorkloadStatus) => ranks[status]

function byName(a: TrackedRow, b: TrackedRow): number {
  return order(a.namespace ?? '', b.namespace ?? '') || order(a.name ?? '', b.name ?? '') || order(a.kind, b.kind)
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export function countsOf(found: readonly WorkloadStatus[]): StatusCounts {
  const counts = { total: found.length, Current: 0, InProgress: 0, Failed: 0, Terminating: 0, Unknown: 0 }
  for (const status of found) counts[status]++
  return counts
}
