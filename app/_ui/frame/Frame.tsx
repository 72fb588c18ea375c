'use client'

import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { ChartScope } from '../../_charts/ChartScope'
import { CursorProvider } from '../../_charts/cursor'
import { leaderMarks } from '../../_charts/prepareMarks'
import { useCluster, useLeaderChanges } from '../../_client/queries'
import { RangeProvider, useRange } from '../../_client/range'
import { useArchiveRange } from '../../_client/useArchiveRange'
import { UnknownState } from '../States'
import { CommandPalette } from './CommandPalette'
import { Header } from './Header'
import { type Place, whereIs } from './places'
import { Rail } from './Rail'
import { Ruler } from './Ruler'

/** Rail, header and ruler around every screen; one range, one x scale and one cursor for all that stands inside. */
export function Frame({ children }: { children: ReactNode }) {
  const { cluster, place } = whereIs(usePathname())
  const [finding, setFinding] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setFinding((open) => !open)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <RangeProvider>
      <CursorProvider>
        <a className="skip" href="#main">
          Skip to content
        </a>
        <div className="app">
          <nav className="rail" aria-label="Main">
            <Rail cluster={cluster} place={place} />
          </nav>
          <div className="app-body">
            <Header
              title={place?.title ?? 'Not found'}
              cluster={cluster}
              place={place}
              onFind={() => setFinding(true)}
            />
            <Title cluster={cluster} place={place} />
            {cluster === null ? (
              <main id="main">{children}</main>
            ) : (
              <OfCluster key={cluster} cluster={cluster}>
                {children}
              </OfCluster>
            )}
          </div>
        </div>
        <CommandPalette open={finding} onOpenChange={setFinding} cluster={cluster} />
      </CursorProvider>
    </RangeProvider>
  )
}

function Title({ cluster, place }: { cluster: string | null; place: Place | null }) {
  const parts = [place?.title ?? 'Not found', cluster, 'etcdscope'].filter((part) => part !== null)
  return <title>{parts.join(' · ')}</title>
}

function OfCluster({ cluster, children }: { cluster: string; children: ReactNode }) {
  const range = useRange()
  const { data, unknown } = useCluster(cluster)
  useArchiveRange(data)
  const changes = useLeaderChanges(cluster, range.outerParams)
  const marks = useMemo(() => leaderMarks(changes.data ?? []), [changes.data])
  if (unknown) {
    return (
      <main id="main">
        <UnknownState title={`No cluster is named ${cluster}`}>
          The switcher at the top left lists those that are watched.
        </UnknownState>
      </main>
    )
  }
  return (
    <>
      <Ruler cluster={cluster} marks={marks} />
      <ChartScope cluster={cluster} marks={marks}>
        <main id="main">{children}</main>
      </ChartScope>
    </>
  )
}
