import type { CompareItem } from '../../../../../lib/contract'
import type { Column } from '../../../../_ui/DataTable'
import { Revision } from '../../../../_ui/Figures'
import { ObjectName, OpMark, Summary } from '../history/ChangeParts'
import { keyText } from '../history/changeId'
import { objectTitle } from '../history/objectWords'

export const compareColumns: readonly Column<CompareItem>[] = [
  {
    id: 'op',
    head: 'Op',
    width: '48px',
    cell: (item) => <OpMark op={item.op} />,
    sort: (item) => item.op,
  },
  {
    id: 'object',
    head: 'Object',
    width: 'minmax(190px, 2.2fr)',
    cell: (item) => <ObjectName change={item} />,
    text: objectTitle,
    sort: (item) => item.key ?? item.keyBase64 ?? '',
  },
  {
    id: 'what',
    head: 'What',
    width: 'minmax(160px, 3fr)',
    cell: (item) => <Summary change={item} />,
    text: (item) => item.summary,
  },
  {
    id: 'significance',
    head: 'Change',
    width: '92px',
    cell: (item) => (
      <span className="significance" data-significance={item.significance}>
        {item.significance}
      </span>
    ),
    sort: (item) => item.significance,
  },
  {
    id: 'from',
    head: 'From',
    width: '112px',
    align: 'end',
    wideOnly: true,
    cell: (item) => (item.fromRevision === null ? <Absent /> : <Revision value={item.fromRevision} />),
    sort: (item) => (item.fromRevision === null ? null : BigInt(item.fromRevision)),
  },
  {
    id: 'to',
    head: 'To',
    width: '112px',
    align: 'end',
    wideOnly: true,
    cell: (item) => (item.toRevision === null ? <Absent /> : <Revision value={item.toRevision} />),
    sort: (item) => (item.toRevision === null ? null : BigInt(item.toRevision)),
  },
  {
    id: 'key',
    head: 'Key',
    width: 'minmax(200px, 2fr)',
    optional: true,
    cell: (item) => (
      <span className="mono" title={keyText(item)}>
        {keyText(item)}
      </span>
    ),
    text: keyText,
    sort: keyText,
  },
]

function Absent() {
  return (
    <span className="dim" title="The key did not exist at this moment">
      absent
    </span>
  )
}
