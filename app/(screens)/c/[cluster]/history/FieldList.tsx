'use client'

import Link from 'next/link'
import { useMemo } from 'react'
import type { DiffAnswer } from '../../../../../lib/contract'
import { plural } from '../../../../_client/format'
import { parseUnified } from './object/prepareLines'
import { prepareEntries } from './prepareEntries'
import { prepareFields, redactedWords } from './prepareFields'
import { RedactedEntries } from './RedactedEntries'
import { Words } from './Words'
import { lineWords, type WordPart } from './wordDiff'

const MOST_LINES = 30
const MOST_LINE_CHARS = 600

/** Which fields changed, from what to what; for values without fields, which lines. */
export function FieldList({ answer, moreHref }: { answer: DiffAnswer; moreHref: string }) {
  if (answer.language === 'redacted') return <Redacted answer={answer} />
  if (!answer.from.exists || !answer.to.exists) return <Life answer={answer} />
  if (answer.changes.length > 0) return <Fields changes={answer.changes} moreHref={moreHref} />
  return <Lines answer={answer} moreHref={moreHref} />
}

function Fields({ changes, moreHref }: { changes: DiffAnswer['changes']; moreHref: string }) {
  const { fields, unimportant, more } = useMemo(() => prepareFields(changes), [changes])
  return (
    <section aria-label="Fields changed">
      <h3>
        {fields.length === 0 ? 'No field of meaning changed' : `${plural(fields.length + more, 'field')} changed`}
      </h3>
      {fields.length > 0 && (
        <div className="field-diff">
          {fields.map(({ path, before, after }) => (
            <div key={path}>
              <p title={path}>{path}</p>
              {before !== null && <Removed parts={before} />}
              {after !== null && <Added parts={after} />}
            </div>
          ))}
        </div>
      )}
      {more > 0 && (
        <p className="field-more">
          <Link className="link" href={moreHref}>
            {plural(more, 'more field')} in the diff
          </Link>
        </p>
      )}
      {unimportant > 0 && <p className="field-more dim">and {plural(unimportant, 'field')} of bookkeeping</p>}
    </section>
  )
}

const Removed = ({ parts }: { parts: readonly WordPart[] }) => (
  <del>
    <span className="visually-hidden">was </span>
    <Words parts={parts} />
  </del>
)
const Added = ({ parts }: { parts: readonly WordPart[] }) => (
  <ins>
    <span className="visually-hidden">is </span>
    <Words parts={parts} />
  </ins>
)

/** Plain text and JSON without fields: the changed lines themselves. */
function Lines({ answer, moreHref }: { answer: DiffAnswer; moreHref: string }) {
  const pairs = useMemo(() => changedPairs(answer), [answer])
  if (pairs.length === 0) return <h3>The value is the same as before</h3>
  return (
    <section aria-label="Lines changed">
      <h3>{answer.language === 'hex' ? 'Bytes changed' : 'Lines changed'}</h3>
      <div className="field-diff">
        {pairs.slice(0, MOST_LINES).map(({ before, after }, index) => {
          const words = before === null || after === null ? null : lineWords(before, after)
          return (
            <div key={index}>
              {before !== null && <Removed parts={words?.before ?? alone(before)} />}
              {after !== null && <Added parts={words?.after ?? alone(after)} />}
            </div>
          )
        })}
      </div>
      {pairs.length > MOST_LINES && (
        <p className="field-more">
          <Link className="link" href={moreHref}>
            {plural(pairs.length - MOST_LINES, 'more line')} in the diff
          </Link>
        </p>
      )}
    </section>
  )
}

function changedPairs(answer: DiffAnswer): readonly { before: string | null; after: string | null }[] {
  return parseUnified(answer).flatMap(({ left, right }) => {
    if (left !== null && right !== null && !left.changed) return []
    return [{ before: left?.text ?? null, after: right?.text ?? null }]
  })
}

function alone(text: string): readonly WordPart[] {
  return [{ text: text.length > MOST_LINE_CHARS ? `${text.slice(0, MOST_LINE_CHARS)} …` : text, changed: false }]
}

const MOST_SHOWN_CHARS = 4000

/** Created or deleted: the whole value is what came or went. */
function Life({ answer }: { answer: DiffAnswer }) {
  const created = answer.to.exists
  const text = created ? answer.after : answer.before
  const shown = text.slice(0, MOST_SHOWN_CHARS)
  return (
    <section aria-label={created ? 'Value' : 'Value before'}>
      <h3>{created ? 'Created with' : answer.from.exists ? 'Deleted; it was' : 'Deleted'}</h3>
      {shown !== '' && (
        <div className="field-diff">
          <div>
            {created ? (
              <Added parts={[{ text: shown, changed: false }]} />
            ) : (
              <Removed parts={[{ text: shown, changed: false }]} />
            )}
          </div>
        </div>
      )}
      {text.length > shown.length && (
        <p className="field-more dim">
          The first {shown.length.toLocaleString('en-US')} of {text.length.toLocaleString('en-US')} characters
        </p>
      )}
    </section>
  )
}

/** Secrets: how long, and whether they are the same. */
function Redacted({ answer }: { answer: DiffAnswer }) {
  const { before, after, changed } = redactedWords(answer)
  const entries = prepareEntries(answer)
  return (
    <section aria-label="Redacted value">
      <h3>Value</h3>
      <div className="field-diff">
        <div>
          {before !== null && changed && <Removed parts={[{ text: `${before}, redacted`, changed: false }]} />}
          {after !== null && changed && <Added parts={[{ text: `${after}, redacted, changed`, changed: false }]} />}
          {!changed && <p>{after ?? before}, redacted, unchanged</p>}
        </div>
      </div>
      <p className="field-more dim">
        Values of Secrets never enter the record: only lengths, and keyed fingerprints that tell equal from different.
      </p>
      {entries !== null && <RedactedEntries entries={entries.filter(({ state }) => state !== 'equal')} />}
    </section>
  )
}
