import type { Change } from '../../../../../lib/contract'
import { exactMoment } from '../../../../_client/format'
import { Time } from '../../../../_ui/Figures'
import { objectWords, summaryParts } from './objectWords'

/** The words and marks of one change, the same wherever it is listed. */

const opMarks = {
  create: { sign: '+', word: 'created' },
  update: { sign: '~', word: 'updated' },
  delete: { sign: '−', word: 'deleted' },
  /** Between two moments of which retention has removed one. */
  unknown: { sign: '?', word: 'not known' },
} as const

export function OpMark({ op }: { op: keyof typeof opMarks }) {
  const { sign, word } = opMarks[op]
  return (
    <span className="op-mark" data-op={op} role="img" aria-label={word} title={word}>
      {sign}
    </span>
  )
}

/** "Deployment checkout shop"; a plain key as it is. */
export function ObjectName({
  change,
}: {
  change: Pick<Change, 'key' | 'keyBase64' | 'resource' | 'namespace' | 'name'>
}) {
  const { kind, name, where } = objectWords(change)
  return (
    <span className="object-name" title={change.key ?? name}>
      {kind !== null && <span className="dim">{kind} </span>}
      <b className={kind === null ? 'mono' : undefined}>{name}</b>
      {where !== null && <span className="dim"> {where}</span>}
    </span>
  )
}

/** A time that is only a bound says so: the revision was written then or before. */
export function ChangeTime({ change, as = 'moment' }: { change: Change; as?: 'clock' | 'moment' | 'second' }) {
  if (change.atSource === 'observed') return <Time value={change.at} as={as} />
  const words = `Written at this time or before: the revision was there when the recorder first looked. ${exactMoment(Date.parse(change.at))}`
  return (
    <span className="bound-time" title={words}>
      <span role="img" aria-label="at this time or before">
        ≤
      </span>
      <Time value={change.at} as={as} />
    </span>
  )
}

export function Summary({ change }: { change: Pick<Change, 'summary'> & { readonly op: keyof typeof opMarks } }) {
  const text = change.summary === '' ? opMarks[change.op].word : change.summary
  return (
    <span title={text}>
      {summaryParts(text).map((part, index) => (part.strong ? <b key={index}>{part.text}</b> : part.text))}
    </span>
  )
}

export function Manager({ change }: { change: Change }) {
  if (change.manager !== null) return <span title={change.manager}>{change.manager}</span>
  return (
    <span className="dim" title={managerUnknown(change)}>
      not stored
    </span>
  )
}

export function managerUnknown(change: Change): string {
  if (change.op === 'delete') return 'etcd does not store who deleted a key'
  return change.resource === null || change.name === null
    ? 'A plain key carries no name of its writer'
    : 'The object names no manager of its fields'
}
