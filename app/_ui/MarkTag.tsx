import { type MarkKind, markLetter } from '../_charts/prepareMarks'

/** The letter of a mark on a time axis; a stack of several shows their number. */
export function MarkTag({ kind, count = 1 }: { kind: MarkKind; count?: number }) {
  return (
    <b
      className="mark-tag"
      data-kind={kind}
      data-letter={count > 1 ? Math.min(count, 99) : markLetter[kind]}
      aria-hidden="true"
    />
  )
}
