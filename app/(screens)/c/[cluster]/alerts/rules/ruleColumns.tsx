import Link from 'next/link'
import type { AlertRule } from '../../../../../../lib/contract'
import type { Column } from '../../../../../_ui/DataTable'
import { Status, type StatusTone } from '../../../../../_ui/StatusMark'
import { gravest, severityTone } from '../../../../../_ui/severity'
import { ruleHref } from '../alertsHref'
import { measureWords, templateWords, thresholdWords } from './measureWords'

const states: Readonly<Record<AlertRule['state'], { readonly rank: number; readonly word: string }>> = {
  firing: { rank: 0, word: 'Firing' },
  pending: { rank: 1, word: 'Pending' },
  inactive: { rank: 2, word: 'Quiet' },
  disabled: { rank: 3, word: 'Off' },
}
const sources: Readonly<Record<AlertRule['source'], string>> = {
  builtin: 'built in',
  database: 'made here',
  settings: 'settings file',
}

export function ruleColumns(cluster: string): readonly Column<AlertRule>[] {
  return [
    {
      id: 'name',
      head: 'Rule',
      width: 'minmax(220px, 1.6fr)',
      sort: ({ name }) => name,
      cell: (rule) => (
        <div>
          <Link className="link" href={ruleHref(cluster, rule.id)} title={rule.name}>
            {rule.name}
          </Link>
          <small title={rule.annotations.summary}>{templateWords(rule.annotations.summary ?? '')}</small>
        </div>
      ),
    },
    {
      id: 'state',
      head: 'State',
      width: '104px',
      sort: ({ state }) => states[state].rank,
      text: ({ state }) => states[state].word,
      cell: (rule) => <Status tone={toneOf(rule)}>{rule.error === null ? states[rule.state].word : 'Broken'}</Status>,
    },
    {
      id: 'condition',
      head: 'Fires when',
      width: 'minmax(260px, 3fr)',
      sort: (rule) => measureWords(rule.measure, rule.expression),
      cell: (rule) => {
        const measured = measureWords(rule.measure, rule.expression)
        return (
          <div>
            <span title={measured}>{measured}</span>
            <small title={thresholdWords(rule)}>{thresholdWords(rule)}</small>
          </div>
        )
      },
    },
    {
      id: 'source',
      head: 'From',
      width: '116px',
      sort: ({ source }) => sources[source],
      cell: ({ source, modified }) => (
        <span className="mid">{modified ? `${sources[source]}, edited` : sources[source]}</span>
      ),
      wideOnly: true,
    },
  ]
}

function toneOf(rule: AlertRule): StatusTone {
  if (rule.error !== null) return 'warn'
  if (rule.state === 'disabled') return 'unknown'
  if (rule.state === 'pending') return 'progress'
  if (rule.state === 'inactive') return 'ok'
  return severityTone[gravest(rule.thresholds) ?? 'warning']
}
