'use client'

import type { QueryClient } from '@tanstack/react-query'
import type { Change, KeyItem } from '../../../../../lib/contract'
import { api, type KeyName } from '../../../../_client/api'

/**
 * What this screen asks. `now` belongs to the live topic and is asked again when something was written; a past moment
 * stands still, so its answers are kept and no write asks for them again.
 */
export const PAGE_KEYS = 1000
const SETTLED_MS = 30_000
const HEAVY_MS = 1000
/** Levels without a choice that are skipped at the root: `/`, `/registry/`. */
const SKIPPED_LEVELS = 6

const topicOf = (at: string) => (at === 'now' ? 'changes' : 'moment')

/** A branch by its bytes: as text, or as base64 (URL alphabet) when it is not UTF-8. */
export interface BranchName {
  readonly prefix: string
  readonly prefixBase64?: string | undefined
}

/** Stable name in maps and in the address. A text branch ends in "/", which the URL alphabet does not have. */
export const branchId = ({ prefix, prefixBase64 }: BranchName): string =>
  prefixBase64 === undefined ? prefix : `base64:${prefixBase64}`

export function branchOfId(id: string): BranchName {
  const base64 = /^base64:([A-Za-z0-9_-]+)$/.exec(id)?.[1]
  return base64 === undefined ? { prefix: id } : { prefix: '', prefixBase64: base64 }
}

export interface Level {
  /** The branch whose children these are: under the one asked for when levels without a choice were skipped. */
  readonly base: BranchName
  readonly items: readonly KeyItem[]
  readonly nextCursor: string | null
}

export interface LevelAsk {
  readonly cluster: string
  readonly at: string
  readonly branch: BranchName
  readonly pages: number
  readonly isRoot: boolean
  /** Keys in the branch as far as known: a large one is asked for less often. */
  readonly count: number
}

export function levelQuery(client: QueryClient, ask: LevelAsk) {
  const keyOf = (pages: number) =>
    [topicOf(ask.at), ask.cluster, 'level', ask.at, branchId(ask.branch), ask.isRoot, pages] as const
  return {
    queryKey: keyOf(ask.pages),
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Level> => {
      const known = client.getQueryData<Level>(keyOf(ask.pages))
      const shorter = client.getQueryData<Level>(keyOf(ask.pages - 1))
      // One page more goes on behind the pages that are there: the cursor pins their moment.
      const grows = known === undefined && shorter !== undefined && shorter.nextCursor !== null
      return grows ? await nextPage(ask, shorter, signal) : await readLevel(ask, signal)
    },
    staleTime: ask.at === 'now' ? 0 : SETTLED_MS,
    meta: { everyMs: HEAVY_MS + Math.round(ask.count / 20) + HEAVY_MS * (ask.pages - 1) },
  }
}

async function readLevel(ask: LevelAsk, signal: AbortSignal): Promise<Level> {
  let level = await firstPage(ask, ask.branch, signal)
  for (let skipped = 0; ask.isRoot && skipped < SKIPPED_LEVELS; skipped++) {
    const only = level.items.length === 1 ? level.items[0] : undefined
    if (only === undefined || !('prefix' in only) || only.prefixBase64 !== undefined) break
    level = await firstPage(ask, { prefix: only.prefix }, signal)
  }
  while (level.nextCursor !== null && level.items.length < ask.pages * PAGE_KEYS) {
    level = await nextPage(ask, level, signal)
  }
  return level
}

const paramsOf = (ask: LevelAsk, base: BranchName) => ({
  ...(base.prefixBase64 === undefined ? { prefix: base.prefix } : { prefixBase64: base.prefixBase64 }),
  at: ask.at,
  delimiter: '/',
  limit: PAGE_KEYS,
})

async function firstPage(ask: LevelAsk, base: BranchName, signal: AbortSignal): Promise<Level> {
  const { items, nextCursor } = await api.keys(ask.cluster, paramsOf(ask, base), signal)
  return { base, items, nextCursor }
}

async function nextPage(ask: LevelAsk, level: Level, signal: AbortSignal): Promise<Level> {
  const cursor = level.nextCursor ?? ''
  const page = await api.keys(ask.cluster, { ...paramsOf(ask, level.base), cursor }, signal)
  return { base: level.base, items: [...level.items, ...page.items], nextCursor: page.nextCursor }
}

/** `raw` also asks for the stored bytes where the answer would hold only the decoded object. */
export const valueQuery = (cluster: string, name: KeyName, at: string, raw: boolean) => ({
  queryKey: [topicOf(at), cluster, 'value', name, at, raw] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    api.value(cluster, { ...name, at, raw: raw ? 'true' : undefined }, signal),
  staleTime: at === 'now' ? 0 : SETTLED_MS,
  meta: { everyMs: HEAVY_MS },
})

interface Bound {
  /** Under this prefix only; everything when empty. */
  readonly prefix?: string
  readonly name?: KeyName
}

/** The newest recorded change at or before a moment. */
export async function changeBefore(
  cluster: string,
  at: { readonly toRevision: string } | { readonly to: string },
  { prefix, name }: Bound,
  signal?: AbortSignal,
): Promise<Change | null> {
  const page = await api.changes(cluster, { ...at, prefix, ...name, order: 'desc', limit: 1 }, signal)
  return page.items[0] ?? null
}

/** The oldest recorded change from a revision on. */
export async function changeFrom(
  cluster: string,
  fromRevision: string,
  { prefix, name }: Bound,
  signal?: AbortSignal,
): Promise<Change | null> {
  const page = await api.changes(cluster, { fromRevision, prefix, ...name, order: 'asc', limit: 1 }, signal)
  return page.items[0] ?? null
}
