import type { AlertEvent } from '../../../../../../lib/contract'
import type { Column } from '../../../../../_ui/DataTable'
import { Time } from '../../../../../_ui/Figures'
import { Status, type StatusTone } from '../../../../../_ui/StatusMark'
import { severityTone } from '../../../../../_ui/severity'
import { subjectWords } from '../prepareAlerts'

const kinds: Readonly<Record<AlertEvent['kind'], { readonly word: string; readonly tone: StatusTone | null }>> = {
  pending: { word: 'Pending', tone: 'progress' },
  firing: { word: 'Firing', tone: null },
  resolved: { word: 'Resolved', tone: 'ok' },
  cancelled: { word: 'Ended before it fired', tone: 'unknown' },
  acknowledged: { word: 'Acknowledged', tone: 'info' },
}

export function eventColumns(nowMs: number, onRule: (rule: string) => void): readonly Column<AlertEvent>[] {
  return [
    {
      id: 'at',
      head: 'When',
      width: '132px',
      text: ({ at }) => at,
      cell: ({ at }) => <Time value={at} as="moment" nowMs={nowMs} />,
    },
    {
      id: 'kind',
      head: 'Step',
      width: 'minmax(150px, 0.8fr)',
      text: ({ kind }) => kinds[kind].word,
      cell: ({ kind, severity }) => (
        <Status tone={kinds[kind].tone ?? severityTone[severity]}>{kinds[kind].word}</Status>
      ),
    },
    {
      id: 'rule',
      head: 'Rule',
      width: 'minmax(200px, 1.4fr)',
      text: ({ rule }) => rule,
      cell: ({ rule, labels }) => (
        <div>
          <button type="button" className="link" title={`Only ${rule}`} onClick={() => onRule(rule)}>
            {rule}
          </button>
          <small title={subjectWords(labels)}>{subjectWords(labels)}</small>
        </div>
      ),
    },
    {
      id: 'words',
      head: 'What',
      width: 'minmax(240px, 3fr)',
      text: ({ summary }) => summary,
      cell: ({ summary, by, note }) => {
        const who = by === null ? '' : `${by}${note === null || note === '' ? '' : `: ${note}`}`
        return (
          <div>
            <span title={summary}>{summary}</span>
            {who !== '' && <small title={who}>{who}</small>}
          </div>
        )
      },
    },
  ]
}
