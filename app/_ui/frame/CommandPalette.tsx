'use client'

import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useChanges, useClusters, useKeys } from '../../_client/queries'
import { useSharedSearch } from '../../_client/useUrlState'
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

/** Ctrl K: screens, clusters, and keys of the chosen cluster (by prefix from "/", else by any part of the name). */
export function CommandPalette({ open, onOpenChange, cluster }: PaletteProps) {
  const router = useRouter()
  const search = useSharedSearch()
  const [text, setText] = useState('')
  const { data: clusters = [] } = useClusters()
  const target = cluster ?? clusters[0]?.name ?? null
  const keys = useFoundKeys(open ? target : null, text.trim())
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
        <Command.Input value={text} onValueChange={setText} placeholder="A screen, a cluster, or a key" />
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

function useFoundKeys(cluster: string | null, text: string): readonly string[] {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MS)
    return () => clearTimeout(timer)
  }, [text])
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
