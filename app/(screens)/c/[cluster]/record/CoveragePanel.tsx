'use client'

import type { Cluster } from '../../../../../lib/contract'
import { plural } from '../../../../_client/format'
import { Revision, Time } from '../../../../_ui/Figures'
import { Panel } from '../../../../_ui/Panel'
import { EmptyState } from '../../../../_ui/States'
import { ThinnedNote } from '../ThinnedNote'
import { epochLines } from './prepareRecord'

/** Which revisions of which epoch are stored, and every gap between them with its reason. */
export function CoveragePanel({ cluster }: { cluster: Cluster }) {
  const epochs = epochLines(cluster.coverage)
  return (
    <div className="grid-12">
      <Panel
        title="Epochs"
        note="a restored or replaced cluster begins a new one"
        flush
        className="col-span-12 lg:col-span-5"
      >
        {epochs.length === 0 ? (
          <EmptyState title="Nothing recorded yet" />
        ) : (
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Epoch</th>
                <th scope="col" className="num">
                  From
                </th>
                <th scope="col" className="num">
                  To
                </th>
              </tr>
            </thead>
            <tbody>
              {epochs.map(({ epoch, fromRevision, toRevision }) => (
                <tr key={epoch}>
                  <td>{epoch === cluster.epoch ? `${epoch}, the present one` : epoch}</td>
                  <td className="num">
                    <Revision value={fromRevision} />
                  </td>
                  <td className="num">
                    <Revision value={toRevision} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
      <Panel
        title="Gaps"
        note={plural(cluster.gaps.length, 'gap')}
        flush
        className="col-span-12 lg:col-span-7"
        foot={<ThinnedNote cluster={cluster.name} />}
      >
        {cluster.gaps.length === 0 ? (
          <EmptyState title="None">Every revision from the first to the last is stored.</EmptyState>
        ) : (
          <Gaps gaps={cluster.gaps} />
        )}
      </Panel>
    </div>
  )
}

function Gaps({ gaps }: { gaps: Cluster['gaps'] }) {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col" className="num">
            From
          </th>
          <th scope="col" className="num">
            To
          </th>
          <th scope="col">Declared</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {[...gaps].reverse().map((gap) => (
          <tr key={`${gap.epoch} ${gap.fromRevision}`}>
            <td className="num">
              <Revision value={gap.fromRevision} />
            </td>
            <td className="num">
              <Revision value={gap.toRevision} />
            </td>
            <td>
              <Time value={gap.at} as="moment" />
            </td>
            <td>{gap.reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
