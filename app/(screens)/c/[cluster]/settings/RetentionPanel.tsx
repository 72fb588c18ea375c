'use client'

import { useState } from 'react'
import type { RetentionAnswer, RetentionPolicy } from '../../../../../lib/contract'
import { useRetentionPreview } from '../../../../_client/queries'
import { Button } from '../../../../_ui/Button'
import { Bytes } from '../../../../_ui/Figures'
import { Panel } from '../../../../_ui/Panel'
import { Select } from '../../../../_ui/Select'
import { ClassRow } from './ClassRow'
import { choiceOf, classWords, keepsAll, limitOf, samePolicy, sizeOptions, suggested } from './prepareRetention'
import { SaveRetention } from './SaveRetention'

/** Each class with its cost and how long it is kept; a draft shows what it would free before it is saved. */
export function RetentionPanel({ cluster, answer }: { cluster: string; answer: RetentionAnswer }) {
  const [draft, setDraft] = useState<RetentionPolicy>(answer.policy)
  const fixed = answer.source === 'file'
  const changed = !samePolicy(draft, answer.policy)
  const preview = useRetentionPreview(cluster, changed ? draft : null)
  const freed = changed ? preview.data : undefined
  const total = answer.classes.reduce((sum, { bytes }) => sum + bytes, 0)
  return (
    <Panel
      title="Retention"
      note={noteOf(answer)}
      flush
      actions={
        !fixed && keepsAll(draft) ? <Button onClick={() => setDraft(suggested)}>Suggest a policy</Button> : undefined
      }
      foot={
        fixed ? (
          <p>The configuration file says so, and only there it can be changed.</p>
        ) : (
          <SaveRetention
            cluster={cluster}
            draft={draft}
            changed={changed}
            preview={preview}
            onDiscard={() => setDraft(answer.policy)}
          />
        )
      }
    >
      <table className="plain-table retention-table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Kept</th>
            <th scope="col" className="num">
              Would free
            </th>
            <th scope="col" className="num">
              Changes
            </th>
            <th scope="col" className="num">
              Size, about
            </th>
            <th scope="col" className="retention-since">
              Whole since
            </th>
          </tr>
        </thead>
        <tbody>
          {classWords.map((words) => (
            <ClassRow
              key={words.class}
              words={words}
              answer={answer}
              totalBytes={total}
              keptMs={draft[words.field]}
              freed={freed?.classes.find((each) => each.class === words.class)}
              onChange={fixed ? null : (keptMs) => setDraft({ ...draft, [words.field]: keptMs })}
            />
          ))}
          <tr>
            <th scope="row">
              Database
              <small>beyond it the oldest goes first, class by class from the top</small>
            </th>
            <td data-label="At most">
              {fixed ? (
                (sizeOptions(draft.maxDatabaseBytes).find(({ value }) => value === choiceOf(draft.maxDatabaseBytes))
                  ?.label ?? 'no limit')
              ) : (
                <Select
                  label="Size of the database at most"
                  value={choiceOf(draft.maxDatabaseBytes)}
                  options={sizeOptions(answer.policy.maxDatabaseBytes)}
                  onChange={(value) => setDraft({ ...draft, maxDatabaseBytes: limitOf(value) })}
                />
              )}
            </td>
            <td className="num" data-label="Would free" />
            <td className="num" data-label="Changes" />
            <td className="num" data-label="In use">
              <Bytes value={answer.usedBytes} />
            </td>
            <td className="retention-since" data-label="File">
              <span>
                file <Bytes value={answer.databaseBytes} />, of all clusters
              </span>
            </td>
          </tr>
        </tbody>
      </table>
    </Panel>
  )
}

function noteOf({ source, archived }: RetentionAnswer): string {
  if (archived) return 'an archived cluster: only what is set here applies'
  if (source === 'file') return 'set in the configuration file'
  return source === 'screen' ? 'set here' : 'nothing is set: everything is kept'
}
