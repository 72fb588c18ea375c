import type { RetentionClass } from '../../../contract'
import { classCodes, codeOf, linkCodes } from '../../codes'
import type { Retained, RetainOptions } from '../../retention'
import type { ClusterRef } from '../../store'
import { type ChainPosition, createChainRows } from '../chainRows'
import type { ChainWriter, LinkEpoch } from '../chainWriter'
import { createEpochReader, type EpochBounds } from '../epochReader'
import type { KeyWriter } from '../keys'
import type { OwnershipTable } from '../ownership'
import type { PulseWriter } from '../pulses'
import type { Statements } from '../statements'
import { chooseRemoved, type ToRemove } from './chooseRemoved'
import { type Horizon, horizonBody, readHorizons, writeHorizon } from './horizons'
import { createLinkRuns } from './linkRuns'
import { proveRun, Unproven } from './proveRun'
import { readStatement } from './statement'
import { noStretches, sumOf } from './stretches'
import { thinRun } from './thinRun'

export interface RetainParts {
  readonly statements: Statements
  readonly chain: ChainWriter
  readonly keys: KeyWriter
  readonly owners: OwnershipTable
  readonly pulses: PulseWriter
  readonly write: <T>(work: () => T) => T
}

interface Total {
  changes: number
  keys: number
}

/** One run of retention over all epochs of a cluster, oldest first, in steps of one short transaction each. */
export async function retain(parts: RetainParts, cluster: ClusterRef, options: RetainOptions): Promise<Retained> {
  const total: Total = { changes: 0, keys: 0 }
  const said = (problem: string | null) => ({ removedChanges: total.changes, removedKeys: total.keys, problem })
  const epochs = createEpochReader(parts.statements)
  try {
    for (const epoch of epochs.all(cluster.id)) {
      if (options.signal.aborted) return said('The run was stopped.')
      const moved = declareHorizons(parts, cluster, epoch, options, (atMs) => epochs.revisionAt(epoch, atMs))
      await thinEpoch(parts, cluster, epoch, moved, options, total)
    }
  } catch (error) {
    if (!(error instanceof Unproven)) throw error
    return said(`Nothing further was removed: ${error.message}. Run verify.`)
  }
  return said(null)
}

/** Before anything goes, it is written down that it will not be kept. Horizons never move back. */
function declareHorizons(
  { statements, chain, owners, pulses, write }: RetainParts,
  cluster: ClusterRef,
  epoch: EpochBounds,
  { ownership, cutoffs, nowMs }: RetainOptions,
  revisionAt: (atMs: number) => bigint | null,
): Horizon[] {
  const runs = createLinkRuns(statements)
  const before = readHorizons(statements, epoch.id)
  const known = new Map<RetentionClass, Horizon>(before.map((each) => [each.class, each]))
  let moved = false
  const now = classCodes.flatMap((name): Horizon[] => {
    const cutoffMs = cutoffs[name]
    const old = known.get(name)
    const kept = old === undefined ? [] : [old]
    const revision = cutoffMs === null ? null : revisionAt(Math.min(cutoffMs, nowMs()))
    if (cutoffMs === null || revision === null || revision < 1n) return kept
    const atMs = Math.max(old?.atMs ?? 0, cutoffMs)
    const next = old !== undefined && old.revision > revision ? old.revision : revision
    moved ||= next !== old?.revision
    return [
      {
        class: name,
        revision: next,
        atMs: next === old?.revision ? old.atMs : atMs,
        visitedSeq: runs.lastSeq(cluster.id, epoch.id, next),
        revisitSeq: old?.visitedSeq ?? 0,
      },
    ]
  })
  write(() => {
    owners.check(cluster.id, ownership())
    for (const horizon of now) writeHorizon(statements, epoch.id, horizon)
    if (!moved) return
    chain.act(cluster.id, epoch, 'horizon', horizonBody(now))
    pulses.bump(cluster.id, 'state')
  })
  // Looked through from where the last run began: what was still in force then may go now.
  return now.map((each) => ({ ...each, revisitSeq: known.get(each.class)?.revisitSeq ?? 0 }))
}

async function thinEpoch(
  parts: RetainParts,
  cluster: ClusterRef,
  epoch: EpochBounds,
  horizons: readonly Horizon[],
  options: RetainOptions,
  total: Total,
): Promise<void> {
  const { statements, chain, owners, pulses, write } = parts
  const rows = createChainRows(statements)
  const runs = createLinkRuns(statements)
  const place = { clusterId: cluster.id, epoch: { id: epoch.id, epoch: epoch.epoch } }
  // A class that is kept again keeps what it has, below its horizon too.
  const thinned = horizons.filter((each) => options.cutoffs[each.class] !== null)
  const limits = classCodes.map((name) => thinned.find((each) => each.class === name)?.revision ?? null)
  const sum = { value: newestSum(statements, cluster.id, place.epoch) }
  for (const { from, limit } of visitsOf(thinned)) {
    for (let seq = from; !options.signal.aborted; ) {
      await options.pause()
      const run = runs.next(cluster.id, epoch.id, seq, limit)
      if (run === null) break
      seq = run.links.at(-1)?.seq ?? seq
      const removed = chooseRemoved(statements, run, limits)
      if (removed.length === 0) continue
      const goes = membership(removed)
      const left = await proveRun({ statements, rows }, place, run, goes)
      const before = sum.value
      try {
        const { keys } = write(() => {
          owners.check(cluster.id, options.ownership())
          const forgetKey = parts.keys.forget
          const step = thinRun({ statements, chain, forgetKey }, place, run, removed, left, sum)
          pulses.bump(cluster.id, 'state')
          return step
        })
        total.keys += keys
        total.changes += removed.length
      } catch (error) {
        sum.value = before
        throw error
      }
    }
  }
}

/** Stretches of links, in order, each looked through once for all classes. */
function visitsOf(horizons: readonly Horizon[]): { from: number; limit: bigint }[] {
  const visits: { from: number; to: number; limit: bigint }[] = []
  for (const { revisitSeq, visitedSeq, revision } of [...horizons].sort((a, b) => a.revisitSeq - b.revisitSeq)) {
    const last = visits.at(-1)
    if (last === undefined || revisitSeq > last.to) visits.push({ from: revisitSeq, to: visitedSeq, limit: revision })
    else {
      last.to = Math.max(last.to, visitedSeq)
      if (revision > last.limit) last.limit = revision
    }
  }
  return visits
}

function membership(removed: readonly ToRemove[]): (position: ChainPosition) => boolean {
  const places = new Set(removed.map(({ revision, ordinal }) => `${revision}.${ordinal}`))
  return ({ revision, ordinal }) => places.has(`${revision}.${ordinal}`)
}

/** As the newest retention link of the epoch states it: never from the table, which somebody may have altered. */
function newestSum(statements: Statements, clusterId: number, epoch: LinkEpoch): bigint {
  const row = statements
    .raw('SELECT body FROM chain_link WHERE cluster_id = ? AND epoch_id = ? AND kind = ? ORDER BY seq DESC LIMIT 1')
    .get(clusterId, epoch.id, codeOf(linkCodes, 'retention'))
  const said = readStatement(row?.[0])
  return (said === null ? null : sumOf(said.stretches)) ?? noStretches
}
