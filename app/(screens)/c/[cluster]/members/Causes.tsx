import type { LeaderChange } from '../../../../../lib/contract'
import { formatShare } from '../../../../_client/format'

/** A cause's kind as a title: "Rolling restart". */
export function causeWords(kind: string): string {
  if (kind === 'unknown') return 'No cause seen'
  const words = kind.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Likely causes in order, each with its evidence; the bar is how much speaks for it. */
export function Causes({ causes }: { causes: LeaderChange['causes'] }) {
  if (causes.length === 0) return <p className="incident-none">The causes of this change were not looked for</p>
  return (
    <ol className="incident-causes">
      {[...causes]
        .sort((a, b) => b.score - a.score)
        .map((cause) => (
          <li key={cause.kind}>
            <span className="bar" role="img" aria-label={`${formatShare(cause.score)} speaks for it`}>
              <i style={{ width: `${Math.min(1, Math.max(0, cause.score)) * 100}%` }} />
            </span>
            <b>{causeWords(cause.kind)}</b>
            <p>{cause.evidence}</p>
          </li>
        ))}
    </ol>
  )
}
