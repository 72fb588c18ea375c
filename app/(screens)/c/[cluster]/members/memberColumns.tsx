import { formatBytes, formatDuration, formatShare } from '../../../../_client/format'
import type { Column } from '../../../../_ui/DataTable'
import { Bytes, Revision, Time } from '../../../../_ui/Figures'
import { QuotaBar } from '../../../../_ui/QuotaBar'
import { Status, type StatusTone } from '../../../../_ui/StatusMark'
import { warnsFromSeconds } from './memberMetrics'
import { memberName } from './memberNames'
import type { MemberRow } from './prepareMembers'
import { VersionCell } from './VersionCell'

/** Of the quota: where etcd's own alert is critical, and well before it. */
const QUOTA_WARN_SHARE = 0.8
const QUOTA_CRITICAL_SHARE = 0.95

const Missing = ({ words = 'unknown' }: { words?: string }) => <span className="dim">{words}</span>

function Seconds({ value, warn }: { value: number | null; warn: number }) {
  if (value === null) return <Missing words="none" />
  return (
    <span className={value >= warn ? 'tone-warn strong' : undefined} title={`${(value * 1000).toFixed(3)} ms`}>
      {formatDuration(value * 1000)}
    </span>
  )
}

function latencyColumn(
  id: string,
  head: string,
  warn: number,
  value: (row: MemberRow) => number | null,
): Column<MemberRow> {
  return {
    id,
    head,
    align: 'end',
    width: 'minmax(78px, 0.8fr)',
    sort: value,
    cell: (row) => <Seconds value={value(row)} warn={warn} />,
  }
}

/** `nowMs` is the page's clock, for how long the leader has led. */
export function memberColumns(nowMs: number): readonly Column<MemberRow>[] {
  return [
    {
      id: 'member',
      head: 'Member',
      width: 'minmax(112px, 1.4fr)',
      sort: ({ member }) => memberName(member),
      cell: ({ member, role, since }) => (
        <>
          <b className="mono" title={[member.id, ...member.clientUrls].join('\n')}>
            {memberName(member)}
          </b>
          <small className={role === 'not answering' ? 'tone-critical' : undefined}>
            {role === 'leader' ? <b>leader</b> : role}
            {since !== null && (
              <>
                , <Time value={since} as="ago" nowMs={nowMs} />
              </>
            )}
          </small>
        </>
      ),
    },
    {
      id: 'latency',
      head: 'Latency',
      align: 'end',
      width: 'minmax(64px, 0.7fr)',
      sort: ({ member }) => member.latencyMs,
      cell: ({ member }) => <Latency member={member} />,
    },
    {
      id: 'lag',
      head: 'Raft lag',
      align: 'end',
      width: 'minmax(64px, 0.7fr)',
      sort: ({ raftLag }) => raftLag,
      cell: ({ raftLag, applyLag, member }) =>
        raftLag === null ? (
          <Missing />
        ) : (
          <span title={`raft index ${member.raftIndex ?? ''}, ${applyLag ?? 0n} not yet applied`}>
            {raftLag.toLocaleString('en-US')}
          </span>
        ),
    },
    latencyColumn('fsync', 'fsync p99', warnsFromSeconds.fsync, (row) => row.fsyncSeconds),
    latencyColumn('commit', 'Commit p99', warnsFromSeconds.commit, (row) => row.commitSeconds),
    latencyColumn('rtt', 'RTT p99', warnsFromSeconds.roundTrip, (row) => row.roundTripSeconds),
    {
      id: 'db',
      head: 'Database, of quota',
      width: 'minmax(172px, 1.5fr)',
      sort: ({ member }) => member.dbSizeBytes,
      cell: ({ member }) => <Database member={member} />,
    },
    {
      id: 'version',
      head: 'Version',
      width: 'minmax(74px, 0.8fr)',
      sort: ({ member }) => member.version,
      cell: ({ member }) => <VersionCell member={member} />,
    },
    {
      id: 'hash',
      head: 'Hash',
      width: 'minmax(90px, 1fr)',
      text: ({ member }) => member.hash?.value ?? '',
      cell: ({ member, role }) => (role === 'not answering' ? <Missing /> : <Hash hash={member.hash} />),
    },
    {
      id: 'alarms',
      head: 'Alarms',
      optional: true,
      width: 'minmax(84px, 0.7fr)',
      sort: ({ alarms }) => alarms.join(' '),
      cell: ({ alarms }) =>
        alarms.length === 0 ? <Missing words="none" /> : <Status tone="critical">{alarms.join(', ')}</Status>,
    },
  ]
}

function Latency({ member: { latencyMs, healthy } }: { member: MemberRow['member'] }) {
  if (latencyMs === null) return <Missing words="none" />
  return (
    <span title="Round trip of the last Status call">
      {formatDuration(latencyMs)}
      {!healthy && <small className="tone-critical">not healthy</small>}
    </span>
  )
}

const shareOf = (member: MemberRow['member']) =>
  member.dbSizeBytes === null || member.quotaBytes === null || member.quotaBytes === 0
    ? null
    : member.dbSizeBytes / member.quotaBytes

/** File size, the part in use, and how much of the quota that is. */
function Database({ member }: { member: MemberRow['member'] }) {
  const { dbSizeBytes, dbSizeInUseBytes, quotaBytes } = member
  if (dbSizeBytes === null) return <Missing />
  const share = shareOf(member)
  const tone =
    share === null || share < QUOTA_WARN_SHARE ? 'neutral' : share < QUOTA_CRITICAL_SHARE ? 'warn' : 'critical'
  return (
    <span className="database-cell">
      <span>
        <Bytes value={dbSizeBytes} />
        {dbSizeInUseBytes !== null && <span className="dim"> {formatBytes(dbSizeInUseBytes)} in use</span>}
      </span>
      <span>
        <QuotaBar inUseBytes={dbSizeInUseBytes} sizeBytes={dbSizeBytes} quotaBytes={quotaBytes} tone={tone} />
        <small>
          {share === null || quotaBytes === null
            ? 'quota unknown'
            : `${formatShare(share)} of ${formatBytes(quotaBytes)}`}
        </small>
      </span>
    </span>
  )
}

function Hash({ hash }: { hash: MemberRow['member']['hash'] }) {
  if (hash === null) return <Missing words="not compared yet" />
  const tone: StatusTone = hash.agrees === null ? 'unknown' : hash.agrees ? 'ok' : 'critical'
  return (
    <span title={`hash ${hash.value}, compacted at ${hash.compactRevision}`}>
      <Status tone={tone}>{hash.agrees === null ? 'alone' : hash.agrees ? 'agrees' : 'differs'}</Status>
      <small>
        at <Revision value={hash.revision} />
      </small>
    </span>
  )
}
