import type { Change } from '../../../../../lib/contract'
import type { Column } from '../../../../_ui/DataTable'
import { Bytes, Revision } from '../../../../_ui/Figures'
import { ChangeTime, Manager, ObjectName, OpMark, Summary } from './ChangeParts'
import { keyText } from './changeId'
import { objectTitle } from './objectWords'
import type { LogRow } from './prepareRows'

/** Cells exist for changes only: leader changes and gaps span the row. */
function column(
  given: Omit<Column<LogRow>, 'cell' | 'text'> & {
    readonly cell: (change: Change) => React.ReactNode
    readonly text: (change: Change) => string
  },
): Column<LogRow> {
  return {
    ...given,
    cell: (row) => (row.kind === 'change' ? given.cell(row.change) : null),
    text: (row) => (row.kind === 'change' ? given.text(row.change) : ''),
  }
}

/** Always newest first: rows in between stand at their moment, so there is nothing to sort by. */
export const changeColumns: readonly Column<LogRow>[] = [
  column({
    id: 'time',
    head: 'Time',
    width: '142px',
    cell: (change) => (
      <span className="mono dim">
        <ChangeTime change={change} as="second" />
      </span>
    ),
    text: (change) => change.at,
  }),
  column({
    id: 'revision',
    head: 'Revision',
    width: '112px',
    align: 'end',
    cell: (change) => <Revision value={change.revision} />,
    text: (change) => change.revision,
  }),
  column({
    id: 'op',
    head: 'Op',
    width: '38px',
    cell: (change) => <OpMark op={change.op} />,
    text: (change) => change.op,
  }),
  column({
    id: 'object',
    head: 'Object',
    width: 'minmax(190px, 2.2fr)',
    cell: (change) => (
      <>
        <ObjectName change={change} />
        {change.origin === 'resync' && (
          <small
            className="resync-tag"
            title="Reconstructed from the keyspace at the edge of a gap, not seen as it happened"
          >
            resync
          </small>
        )}
      </>
    ),
    text: objectTitle,
  }),
  column({
    id: 'change',
    head: 'Change',
    width: '84px',
    cell: (change) => (
      <span className="significance" data-significance={change.significance}>
        {change.significance}
      </span>
    ),
    text: (change) => change.significance,
  }),
  column({
    id: 'what',
    head: 'What',
    width: 'minmax(160px, 2.6fr)',
    cell: (change) => <Summary change={change} />,
    text: (change) => change.summary,
  }),
  column({
    id: 'manager',
    head: 'Manager',
    width: 'minmax(96px, 1fr)',
    cell: (change) => (
      <span className="mid">
        <Manager change={change} />
      </span>
    ),
    text: (change) => change.manager ?? '',
  }),
  column({
    id: 'size',
    head: 'Size',
    width: '80px',
    align: 'end',
    optional: true,
    cell: (change) => (change.op === 'delete' ? null : <Bytes value={change.valueBytes} />),
    text: (change) => String(change.valueBytes),
  }),
  column({
    id: 'version',
    head: 'Version',
    width: '72px',
    align: 'end',
    optional: true,
    cell: (change) => (change.op === 'delete' ? null : change.version === '0' ? 'unknown' : change.version),
    text: (change) => change.version,
  }),
  column({
    id: 'key',
    head: 'Key',
    width: 'minmax(200px, 2fr)',
    optional: true,
    cell: (change) => (
      <span className="mono" title={keyText(change)}>
        {keyText(change)}
      </span>
    ),
    text: keyText,
  }),
]
