'use client'

import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import type { Sort } from '../../../../_ui/table'
import { branchesToAsk } from './branchesToAsk'
import { branchesOf } from './keyName'
import { branchOfId, type Level, levelQuery } from './keysQueries'
import { branchesOpenAtStart, createLevelCache, flattenTree, type LoadedLevel, levelTotals } from './prepareTree'
import { useOpenBranches } from './useOpenBranches'

export interface TreeAsk {
  readonly cluster: string
  readonly at: string
  readonly prefix: string
  readonly sort: Sort
  /** The chosen key when it is text: its branches are open from the start. */
  readonly selectedKey: string | null
}

/** The levels of all open branches at the moment, as rows. */
export function useTree({ cluster, at, prefix, sort, selectedKey }: TreeAsk) {
  const client = useQueryClient()
  const [pages, setPages] = useState<ReadonlyMap<string, number>>(new Map())
  const [nodesOf] = useState(createLevelCache)
  const [firstSelected] = useState(selectedKey)
  // While another moment loads, branches stay as they were: the answers of the moment before stand in.
  const last = useRef(new Map<string, Level>())
  const keep = (id: string, level: Level | undefined) => {
    if (level !== undefined) last.current.set(`${cluster}\n${id}`, level)
    return level ?? null
  }
  const askFor = (id: string, isRoot: boolean) => {
    const before = last.current.get(`${cluster}\n${id}`)
    return {
      ...levelQuery(client, {
        cluster,
        at,
        branch: branchOfId(id),
        pages: pages.get(id) ?? 1,
        isRoot,
        count: before === undefined ? 0 : levelTotals(before).keys,
      }),
      placeholderData: () => before,
    }
  }
  const root = useQuery(askFor(prefix, true))
  const rootLevel = keep(prefix, root.data)
  const atStart = useMemo(
    () => [...branchesOf(firstSelected ?? ''), ...(rootLevel === null ? [] : branchesOpenAtStart(rootLevel))],
    [firstSelected, rootLevel],
  )
  const { open, change } = useOpenBranches(atStart)
  const branches = rootLevel === null ? [] : branchesToAsk(open, rootLevel.base.prefix)
  const queries = useQueries({ queries: branches.map((id) => askFor(id, false)) })
  const levels = new Map<string, LoadedLevel>([[prefix, { level: rootLevel, error: root.error }]])
  branches.forEach((id, index) => {
    const query = queries[index]
    if (query !== undefined) levels.set(id, { level: keep(id, query.data), error: query.error })
  })
  const rows = flattenTree({ root: prefix, levels, open: new Set(open), sort, nodesOf })
  return {
    rows,
    root,
    /** What is drawn belongs to another moment until the answer is there. */
    stale: root.isPlaceholderData || queries.some((query) => query.isPlaceholderData),
    setOpen: change,
    showMore: (id: string) => setPages((old) => new Map(old).set(id, (old.get(id) ?? 1) + 1)),
    retry: (id: string) => void queries[branches.indexOf(id)]?.refetch(),
  }
}
