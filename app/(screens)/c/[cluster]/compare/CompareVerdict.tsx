'use client'

import { ApiProblem } from '../../../../_client/apiProblem'
import { Revision, Time } from '../../../../_ui/Figures'
import { Verdict } from '../../../../_ui/Verdict'
import { countsSentence } from './prepareCompare'
import type { Comparison } from './useComparison'

/** How many keys differ, and between which two states exactly. */
export function CompareVerdict({ comparison: { query, shown, more } }: { comparison: Comparison }) {
  const first = query.data?.pages[0]
  if (query.isError) {
    const uncovered = query.error instanceof ApiProblem && query.error.code === 'NOT_COVERED'
    return uncovered ? (
      <Verdict tone="unknown" sentence="Not recorded at one of the two moments" />
    ) : (
      <Verdict sentence="The two moments could not be compared" />
    )
  }
  if (first === undefined) return <Verdict sentence="Compare" />
  return (
    <Verdict
      sentence={countsSentence(shown, more)}
      reasons={
        <>
          from <State state={first.from} /> to <State state={first.to} />.
          {first.from.epoch !== first.to.epoch &&
            ` The cluster was restored or replaced in between: epoch ${first.from.epoch} against ${first.to.epoch}.`}
        </>
      }
    />
  )
}

function State({ state }: { state: { readonly revision: string; readonly at: string | null } }) {
  return (
    <>
      revision <Revision value={state.revision} />
      {state.at !== null && (
        <>
          {' '}
          (<Time value={state.at} as="moment" />)
        </>
      )}
    </>
  )
}
