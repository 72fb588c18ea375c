import { Revision } from '../../../../_ui/Figures'
import { StaleNote } from '../../../../_ui/States'

/** A live record is worked out a moment behind; only what is further behind is worth a word. */
const LIVE_LAG = 1000n

/** While an older database is read again, later states of workloads are not worked out yet. */
export function DerivedNote({ through, revision }: { through: string; revision: string }) {
  if (BigInt(through) + LIVE_LAG >= BigInt(revision)) return null
  return (
    <StaleNote>
      worked out up to revision <Revision value={through} /> of <Revision value={revision} />: an older database is
      being read again
    </StaleNote>
  )
}
