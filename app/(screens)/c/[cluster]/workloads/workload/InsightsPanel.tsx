'use client'

import Link from 'next/link'
import type { Insight } from '../../../../../../lib/contract'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { Panel } from '../../../../../_ui/Panel'
import { StatusMark } from '../../../../../_ui/StatusMark'
import { objectHref } from '../../history/object/objectHref'
import { insightWords } from '../workloadWords'

const OBJECTS = 4

/** Our own remarks, apart from the status: what it is about is one click away. */
export function InsightsPanel({ cluster, insights }: { cluster: string; insights: readonly Insight[] }) {
  const shared = useSharedSearch()
  return (
    <Panel className="insights-panel" title="Insights" note="ours, beside the status" flush>
      <ul className="note-list">
        {insights.length === 0 && <li className="note-none">Nothing to remark at this moment.</li>}
        {insights.map((insight) => (
          <li key={`${insight.kind} ${insight.message}`}>
            <StatusMark tone={insight.severity === 'warning' ? 'warn' : 'info'} />
            <div>
              <b>{insightWords[insight.kind]}</b>
              <small>{insight.message}</small>
              <small className="note-links">
                {insight.objects.slice(0, OBJECTS).map((object) => (
                  <Link key={object.key} className="link" href={objectHref(cluster, { key: object.key }, {}, shared)}>
                    {object.name}
                  </Link>
                ))}
                {insight.objects.length > OBJECTS && <span>and {insight.objects.length - OBJECTS} more</span>}
              </small>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
