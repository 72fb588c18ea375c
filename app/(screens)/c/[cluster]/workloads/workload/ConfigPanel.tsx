'use client'

import Link from 'next/link'
import type { WorkloadAnswer } from '../../../../../../lib/contract'
import { plural } from '../../../../../_client/format'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { Revision } from '../../../../../_ui/Figures'
import { Panel } from '../../../../../_ui/Panel'
import { Status, type StatusTone } from '../../../../../_ui/StatusMark'
import { objectHref } from '../../history/object/objectHref'

type Config = WorkloadAnswer['config'][number]

const standing = ({ stale }: Config): { readonly tone: StatusTone; readonly word: string } =>
  stale === null
    ? { tone: 'unknown', word: 'unknown' }
    : stale
      ? { tone: 'warn', word: 'stale' }
      : { tone: 'ok', word: 'same' }

const staleFirst = (a: Config, b: Config) => Number(b.stale === true) - Number(a.stale === true)

/** Which version of its configuration each container was started with, and whether that is still the newest. */
export function ConfigPanel({ cluster, config }: { cluster: string; config: readonly Config[] }) {
  const shared = useSharedSearch()
  const containers = new Set(config.map(({ container }) => container))
  const [only] = containers
  const note = containers.size === 1 ? `container ${only}` : `${containers.size} containers`
  return (
    <Panel title="Config at start" note={note} foot="Derived from the times of starts and writes" flush>
      <table className="plain-table config-table">
        <thead>
          <tr>
            <th>Object</th>
            <th className="num">Revision at start</th>
            <th>Now</th>
          </tr>
        </thead>
        <tbody>
          {[...config].sort(staleFirst).map((one) => {
            const { tone, word } = standing(one)
            const ends = { from: one.revisionAtStart ?? undefined, to: one.currentRevision ?? undefined }
            const differs = one.revisionAtStart !== one.currentRevision
            const pods = one.stale === true ? `${one.stalePods} of ${one.pods} pods` : plural(one.pods, 'pod')
            return (
              <tr key={`${one.container} ${one.key}`} title={one.reason}>
                <td>
                  <Link href={objectHref(cluster, { key: one.key }, differs ? ends : {}, shared)} title={one.name}>
                    {one.name}
                  </Link>
                  <small>
                    {one.kind}
                    {containers.size > 1 ? `, ${one.container}` : ''}, {pods}
                  </small>
                </td>
                <td className="num">
                  {one.revisionAtStart === null ? (
                    <span className="dim">none</span>
                  ) : (
                    <Revision value={one.revisionAtStart} />
                  )}
                  {differs && one.currentRevision !== null && (
                    <small>
                      now <Revision value={one.currentRevision} />
                    </small>
                  )}
                  {differs && one.currentRevision === null && <small>deleted since</small>}
                </td>
                <td>
                  <Status tone={tone}>{word}</Status>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}
