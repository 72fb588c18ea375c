import type { LeaderChange } from '../../../../../lib/contract'
import { formatShare } from '../../../../_client/format'

const kindWords: Readonly<Record<string, string>> = { unknown: 'No cause seen' }

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
            <b>{kindWords[cause.kind] ?? cause.kind}</b>
            <p>{cause.evidence}</p>
          </li>
        ))}
    </ol>
  )
}
