'use client'

import Link from 'next/link'
import type { Change, PodConfigItem } from '../../../../../../lib/contract'
import { usePodConfig } from '../../../../../_client/queries'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { Panel } from '../../../../../_ui/Panel'
import { queryState } from '../../../../../_ui/States'
import { StatusMark, type StatusTone } from '../../../../../_ui/StatusMark'
import { objectHref } from './objectHref'

const kinds: Readonly<Record<string, 'ConfigMap' | 'Secret'>> = { configmaps: 'ConfigMap', secrets: 'Secret' }

/**
 * Which version a running container was started with: of a ConfigMap or Secret all containers that read it, of a Pod
 * all that it reads. Derived, and each line says how.
 */
export function ConfigAtStart({ cluster, named }: { cluster: string; named: Change }) {
  const { resource, namespace, name } = named
  const kind = kinds[resource ?? '']
  const ofPod = resource === 'pods'
  const applies = namespace !== null && name !== null && (ofPod || kind !== undefined)
  if (!applies) return null
  return <Uses cluster={cluster} ask={ofPod ? { namespace, pod: name } : { namespace, kind, name }} ofPod={ofPod} />
}

interface Ask {
  readonly namespace: string
  readonly pod?: string | undefined
  readonly kind?: 'ConfigMap' | 'Secret' | undefined
  readonly name?: string | undefined
}

function Uses({ cluster, ask, ofPod }: { cluster: string; ask: Ask; ofPod: boolean }) {
  const query = usePodConfig(cluster, ask)
  const items = query.data?.items ?? []
  const stale = items.filter((item) => item.stale === true).length
  const title = ofPod ? 'Config at start' : 'Read by'
  const note = items.length === 0 ? undefined : `${stale} of ${items.length} stale`
  const foot = items.length === 0 ? undefined : 'Derived from the times of starts and writes'
  return (
    <Panel title={title} note={note} foot={foot} flush>
      {queryState(query, {
        failed: 'What the containers read could not be told',
        isEmpty: items.length === 0,
        empty: { title: ofPod ? 'Its running containers read no configuration' : 'No running container reads it' },
      }) ?? (
        <ul className="uses-list">
          {[...items].sort(staleFirst).map((item) => (
            <UseRow key={`${item.pod} ${item.container} ${item.key} ${item.way}`} {...{ cluster, item, ofPod }} />
          ))}
        </ul>
      )}
      {query.data?.truncated === true && <p className="nearby-left">There are more than are shown.</p>}
    </Panel>
  )
}

const rank = (item: PodConfigItem) => (item.stale === true ? 0 : item.stale === null ? 1 : 2)
const staleFirst = (a: PodConfigItem, b: PodConfigItem) => rank(a) - rank(b)

function UseRow({ cluster, item, ofPod }: { cluster: string; item: PodConfigItem; ofPod: boolean }) {
  const shared = useSharedSearch()
  const tone: StatusTone = item.stale === null ? 'unknown' : item.stale ? 'warn' : 'ok'
  const ends = { from: item.revisionAtStart ?? undefined, to: item.currentRevision ?? undefined }
  const differs = item.stale === true && ends.from !== undefined && ends.to !== undefined
  return (
    <li title={item.reason}>
      <StatusMark tone={tone} />
      <div>
        <span className="uses-name">
          {ofPod ? (
            <>
              <span className="mid">{item.kind} </span>
              <b>{item.name}</b>
            </>
          ) : (
            <b>{item.pod}</b>
          )}
        </span>
        <small>
          {item.container}, {ways[item.way]},{' '}
          {differs ? (
            <Link className="link" href={objectHref(cluster, { key: item.key }, ends, shared)}>
              started with {item.revisionAtStart}, now {item.currentRevision}
            </Link>
          ) : (
            standing(item)
          )}
        </small>
      </div>
    </li>
  )
}

const ways: Readonly<Record<PodConfigItem['way'], string>> = {
  env: 'env',
  envFrom: 'envFrom',
  volume: 'volume',
  subPath: 'subPath',
  imagePullSecrets: 'image pull',
}

function standing({ stale, revisionAtStart, currentRevision }: PodConfigItem): string {
  if (stale === false) return `current since the start, revision ${revisionAtStart}`
  if (stale === true) return currentRevision === null ? 'deleted since the start' : 'created since the start'
  return 'not known'
}
