'use client'

import Link from 'next/link'
import { useClusters } from '../../_client/queries'
import { useSharedSearch } from '../../_client/useUrlState'
import { Icon } from '../Icon'
import { StatusMark } from '../StatusMark'
import { AlertCount } from './AlertCount'
import { ClusterSwitcher } from './ClusterSwitcher'
import { type Place, placePath, places } from './places'
import { recorderWords } from './recorder'
import { ThemeToggle } from './ThemeToggle'
import { WorkloadCount } from './WorkloadCount'

/** The insides of the rail; under 640 px the same stand in a menu that slides in. */
export function Rail({ cluster, place, onGo }: { cluster: string | null; place: Place | null; onGo?: () => void }) {
  const search = useSharedSearch()
  const { data: clusters, isError } = useClusters()
  // From the overview, a place of one cluster leads to the first one.
  const target = cluster ?? clusters?.[0]?.name ?? null
  return (
    <>
      <ClusterSwitcher cluster={cluster} place={place} />
      <div className="rail-places">
        {places
          .filter((one) => !one.ofCluster || target !== null)
          .map((one) => (
            <Link
              key={one.id}
              href={`${placePath(one, target)}${search}`}
              aria-current={one === place ? 'page' : undefined}
              title={one.title}
              {...(onGo !== undefined && { onClick: onGo })}
            >
              <Icon name={one.icon} />
              <span>{one.title}</span>
              {one.id === 'workloads' && target !== null && <WorkloadCount cluster={target} />}
              {one.id === 'alerts' && target !== null && <AlertCount cluster={target} />}
            </Link>
          ))}
      </div>
      <div className="rail-foot">
        <Recorder
          words={
            isError && clusters === undefined
              ? away
              : clusters === undefined
                ? asking
                : recorderWords(clusters, cluster)
          }
        />
        <ThemeToggle />
      </div>
    </>
  )
}

const away = { tone: 'critical', title: 'Not connected', detail: 'etcdscope does not answer' } as const
const asking = { tone: 'unknown', title: 'Recorder', detail: 'asking' } as const

function Recorder({ words }: { words: ReturnType<typeof recorderWords> }) {
  return (
    <div className="recorder" title={`${words.title}: ${words.detail}`}>
      <StatusMark tone={words.tone} />
      <span>
        <b>{words.title}</b>
        <small>{words.detail}</small>
      </span>
    </div>
  )
}
