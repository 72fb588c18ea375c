'use client'

import type { RetentionAnswer, RetentionPreview } from '../../../../../lib/contract'
import { Bytes, Count, Time } from '../../../../_ui/Figures'
import { ShareBar } from '../../../../_ui/QuotaBar'
import { Select } from '../../../../_ui/Select'
import { ageOptions, ageWords, type ClassWords, choiceOf, limitOf, wholeSince } from './prepareRetention'

export interface ClassRowProps {
  readonly words: ClassWords
  readonly answer: RetentionAnswer
  readonly totalBytes: number
  readonly keptMs: number | null
  /** What the draft would free of it; undefined while there is no draft or no answer. */
  readonly freed: RetentionPreview['classes'][number] | undefined
  /** Null: it is not changed here. */
  readonly onChange: ((keptMs: number | null) => void) | null
}

/** One class: what is in it, how long it is kept, what it costs. */
export function ClassRow({ words, answer, totalBytes, keptMs, freed, onChange }: ClassRowProps) {
  const cost = answer.classes.find((each) => each.class === words.class)
  const since = wholeSince(answer.horizons, words.class)
  return (
    <tr>
      <th scope="row">
        {words.title}
        <small>{words.what}</small>
      </th>
      <td data-label="Kept">
        {onChange === null ? (
          ageWords(keptMs)
        ) : (
          <Select
            label={`Keep ${words.title.toLowerCase()}`}
            value={choiceOf(keptMs)}
            options={ageOptions(answer.policy[words.field])}
            onChange={(value) => onChange(limitOf(value))}
          />
        )}
      </td>
      <td className="num" data-label="Would free">
        {freed === undefined ? (
          ''
        ) : freed.changes === 0 ? (
          <span className="dim">nothing</span>
        ) : (
          <span>
            <Count value={freed.changes} />
            <small>
              <Bytes value={freed.bytes} />
            </small>
          </span>
        )}
      </td>
      <td className="num" data-label="Changes">
        <Count value={cost?.changes ?? null} />
      </td>
      <td className="num" data-label="Size, about">
        <Bytes value={cost?.bytes ?? null} />
        <span className="retention-share">
          <ShareBar share={totalBytes === 0 ? 0 : (cost?.bytes ?? 0) / totalBytes} />
        </span>
      </td>
      <td className="retention-since" data-label="Whole since">
        {since !== null ? (
          <Time value={since} as="moment" />
        ) : cost?.oldest == null ? (
          <span className="dim">none recorded</span>
        ) : (
          <span>
            the start, <Time value={cost.oldest} as="moment" />
          </span>
        )}
      </td>
    </tr>
  )
}
