'use client'

import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import type { WorkloadItem } from '../../../lib/contract'
import { useChanges, useClusters, useKeys } from '../../_client/queries'
import { useSharedSearch } from '../../_client/useUrlState'
import { workloadHref } from '../../_client/workloadHref'
import { useFoundWorkloads } from '../../_client/workloadQueries'
import { Icon, type IconName } from '../Icon'
import { placePath, places } from './places'

interface PaletteProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly cluster: string | null
}

/** Typing rests this long before the server is asked. */
const REST_MS = 150
const FOUND = 8

/** Ctrl K: screens, clusters, and workloads and keys of the chosen cluster (by prefix from "/", else by any part of the name). */
export function CommandPalette({ open, onOpenChange, cluster }: PaletteProps) {
  const router = useRouter()
  const search = useSharedSearch()
  const [text, setText] = useState('')
  const { data: clusters = [] } = useClusters()
  const target = cluster ?? clusters[0]?.name ?? null
  const rested = useRested(text.trim())
  const keys = useFoundKeys(open ? target : null, rested)
  const workloads = useWorkloadMatches(open ? target : null, rested)
  const matches = (label: string) => label.toLowerCase().includes(text.trim().toLowerCase())
  const go = (url: string) => {
    onOpenChange(false)
    setText('')
    router.push(url)
  }
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label="Search or jump to"
      shouldFilter={false}
      overlayClassName="scrim"
      contentClassName="palette"
    >
      <div className="palette-input">
        <Icon name="search" />
        <Command.Input value={text} onValueChange={setText} placeholder="A screen, a cluster, a workload, or a key" />
      </div>
      <Command.List>
        <Command.Empty>Nothing found for “{text}”.</Command.Empty>
        <Group
          heading="Screens"
          items={places
            .filter((place) => (!place.ofCluster || target !== null) && matches(place.title))
            .map((place) => ({
              id: place.id,
              icon: place.icon,
              label: place.title,
              note: place.ofCluster ? (target ?? '') : 'all clusters',
              onGo: () => go(`${placePath(place, target)}${search}`),
            }))}
        />
        <Group
          heading="Clusters"
          items={clusters
            .filter((one) => matches(one.name))
            .map((one) => ({
              id: `cluster ${one.name}`,
              icon: 'members',
              label: one.name,
              note: one.version ?? '',
              onGo: () => go(`/c/${encodeURIComponent(one.name)}/members${search}`),
            }))}
        />
        {target !== null && (
          <Group
            heading={`Workloads of ${target}`}
            items={workloads.map((item) => ({
              id: `workload ${item.key}`,
              icon: 'workloads',
              label: item.namespace === null ? item.name : `${item.namespace}/${item.name}`,
              note: `${item.kind}, ${item.status}`,
              onGo: () => go(workloadHref(target, item, search)),
            }))}
          />
        )}
        {target !== null && (
          <Group
            heading={`Keys of ${target}`}
            items={keys.map((key) => ({
              id: `key ${key}`,
              icon: 'keys',
              label: key,
              mono: true,
              note: '',
              onGo: () => go(`/c/${encodeURIComponent(target)}/history?key=${encodeURIComponent(key)}`),
            }))}
          />
        )}
      </Command.List>
    </Command.Dialog>
  )
}

interface Item {
  readonly id: string
  readonly icon: IconName
  readonly label: string
  readonly note: string
  readonly mono?: boolean
  readonly onGo: () => void
}

function Group({ heading, items }: { heading: string; items: readonly Item[] }) {
  if (items.length === 0) return null
  return (
    <Command.Group heading={heading}>
      {items.map((item) => (
        <Command.Item key={item.id} value={item.id} onSelect={item.onGo}>
          <Icon name={item.icon} />
          <span className={item.mono === true ? 'mono' : undefined}>{item.label}</span>
          <small>{item.note}</small>
        </Command.Item>
      ))}
    </Command.Group>
  )
}

/** What was typed, once typing rests. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS)
    return () => clearTimeout(timer)
  }, [text])
  return rested
}

function useWorkloadMatches(cluster: string | null, rested: string): readonly WorkloadItem[] {
  const asks = cluster !== null && rested.length >= 2 && !rested.startsWith('/')
  const found = useFoundWorkloads(cluster ?? '', { q: rested, limit: FOUND }, asks)
  return asks ? (found.data?.items ?? []) : []
}

function useFoundKeys(cluster: string | null, rested: string): readonly string[] {
  const asks = cluster !== null && rested.length >= 2
  const byPrefix = useKeys(cluster ?? '', { prefix: rested, limit: FOUND }, { enabled: asks && rested.startsWith('/') })
  const byText = useChanges(
    cluster ?? '',
    { q: rested, limit: 5 * FOUND },
    { enabled: asks && !rested.startsWith('/') },
  )
  if (!asks) return []
  const found = rested.startsWith('/')
    ? (byPrefix.data?.items ?? []).flatMap((item) => ('prefix' in item || item.key === undefined ? [] : [item.key]))
    : (byText.data?.items ?? []).flatMap((change) => (change.key === undefined ? [] : [change.key]))
  return [...new Set(found)].slice(0, FOUND)
}
