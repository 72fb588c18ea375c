'use client'

import { useMemo } from 'react'
import type { Change, DiffAnswer } from '../../../../../../lib/contract'
import { ApiProblem } from '../../../../../_client/apiProblem'
import { formatBytes, plural } from '../../../../../_client/format'
import { useUrlParam } from '../../../../../_client/useUrlState'
import { Button, IconButton } from '../../../../../_ui/Button'
import { Revision, Time } from '../../../../../_ui/Figures'
import { Menu, MenuItem } from '../../../../../_ui/Menu'
import { Segmented } from '../../../../../_ui/Segmented'
import { FailedState, LoadingState, StaleNote, UnknownState } from '../../../../../_ui/States'
import type { NamedKey } from '../changeId'
import { prepareEntries } from '../prepareEntries'
import { redactedWords } from '../prepareFields'
import { RedactedEntries } from '../RedactedEntries'
import { BlameView } from './BlameView'
import { DiffTable } from './DiffTable'
import { unimportantSections } from './prepareFolds'
import { countLines, parseUnified } from './prepareLines'
import { isCut } from './prepareValue'
import { stepSpec } from './prepareVersions'
import type { EndsChoice } from './useEnds'
import { useObjectDiff } from './useObjectDiff'
import { useWide } from './useWide'
import { ValueView } from './ValueView'

interface DiffPanelProps {
  readonly cluster: string
  readonly named: NamedKey
  readonly versions: readonly Change[]
  readonly choice: EndsChoice
  /** A version named in the address is being looked for. */
  readonly seeking: boolean
}

const modes = [
  { value: 'split', label: 'Side by side' },
  { value: 'inline', label: 'Inline' },
  { value: 'value', label: 'Value' },
  { value: 'blame', label: 'Blame' },
] as const
type Mode = (typeof modes)[number]['value']
const endWords = { split: 'To', inline: 'To', value: 'Value at', blame: 'Blame at' } as const

/** Two versions compared, or the newer one alone: as it is stored, or each line with who changed it last. */
export function DiffPanel({ cluster, named, versions, choice, seeking }: DiffPanelProps) {
  const { query, alone } = useObjectDiff(cluster, named, choice.compared)
  const [asked, setAsked] = useUrlParam('view')
  const [foldText, setFold] = useUrlParam('fold')
  const wide = useWide()
  const usual: Mode = alone ? 'value' : wide ? 'split' : 'inline'
  const mode = modes.find(({ value }) => value === asked)?.value ?? usual
  const fold = foldText !== '0'
  const answer = query.data
  const rows = useMemo(() => (answer === undefined ? [] : parseUnified(answer)), [answer])
  const yaml = answer?.language === 'yaml'
  const compares = mode === 'split' || mode === 'inline'
  const counts = useMemo(() => countLines(rows, yaml ? unimportantSections(rows) : []), [rows, yaml])
  const step = (to: 'older' | 'newer') => stepSpec(versions, choice.compared, to)
  const [older, newer] = [step('older'), step('newer')]
  return (
    <section className="panel diff-panel" aria-label="Comparison">
      <div className="panel-head">
        <Segmented label="View" value={mode} options={modes} onChange={(next) => setAsked(next, 'replace')} />
        {mode !== 'value' && yaml && (
          <Button aria-pressed={fold} onClick={() => setFold(fold ? '0' : null, 'replace')}>
            Fold unimportant
          </Button>
        )}
        <div className="panel-actions">
          {query.isError && answer !== undefined && <StaleNote>old: the comparison could not be read again</StaleNote>}
          {answer !== undefined && compares && answer.language !== 'redacted' && <Counts counts={counts} />}
          {answer !== undefined && <CopyMenu answer={answer} />}
          <span className="spec-steps">
            <IconButton
              icon="left"
              label="Previous configuration change"
              disabled={older === null}
              onClick={() => older !== null && choice.setBoth(older)}
            />
            <IconButton
              icon="right"
              label="Next configuration change"
              disabled={newer === null}
              onClick={() => newer !== null && choice.setBoth(newer)}
            />
          </span>
        </div>
      </div>
      <div className="diff-ends" data-mode={mode}>
        {compares && <EndWords word="From" version={choice.compared.from} />}
        <EndWords word={endWords[mode]} version={choice.compared.to} />
      </div>
      <div className="diff-body" data-old={query.isPlaceholderData}>
        {choice.compared.missing && !seeking ? (
          <UnknownState title="A version named in the address is not in the record">
            The list beside has those that are.
          </UnknownState>
        ) : answer === undefined || choice.compared.missing ? (
          query.isError ? (
            notComparable(query.error, () => void query.refetch())
          ) : (
            <LoadingState />
          )
        ) : mode === 'value' ? (
          <ValueView cluster={cluster} named={named} version={choice.compared.to} printed={answer.after} />
        ) : mode === 'blame' ? (
          <BlameView cluster={cluster} named={named} version={choice.compared.to} foldUnimportant={fold} />
        ) : answer.language === 'redacted' ? (
          <RedactedDiff answer={answer} />
        ) : (
          <DiffTable
            key={`${answer.from.revision}-${answer.to.revision}`}
            rows={rows}
            language={answer.language}
            split={mode === 'split'}
            foldUnimportant={fold}
            alone={alone}
            cut={isCut(answer.before) || isCut(answer.after)}
          />
        )}
      </div>
    </section>
  )
}

function notComparable(error: unknown, onRetry: () => void) {
  if (error instanceof ApiProblem && error.code === 'NOT_COVERED')
    return <UnknownState title="One of the two lies in a gap of the record">{error.detail}</UnknownState>
  return <FailedState title="The two versions could not be compared" error={error} onRetry={onRetry} />
}

function Counts({ counts: { added, removed, places, unimportant } }: { counts: ReturnType<typeof countLines> }) {
  if (places === 0) return <small>{unimportant === 0 ? 'equal' : 'only unimportant fields differ'}</small>
  return (
    <small className="diff-counts">
      <b data-side="added">+{added.toLocaleString('en-US')}</b>{' '}
      <b data-side="removed">−{removed.toLocaleString('en-US')}</b> in {plural(places, 'place')}
    </small>
  )
}

function CopyMenu({ answer }: { answer: DiffAnswer }) {
  const copy = (text: string) => void navigator.clipboard.writeText(text)
  return (
    <Menu label="Copy" trigger={<IconButton icon="copy" label="Copy values" />}>
      <MenuItem onSelect={() => copy(answer.before)} note={formatBytes(answer.before.length)}>
        Copy From
      </MenuItem>
      <MenuItem onSelect={() => copy(answer.after)} note={formatBytes(answer.after.length)}>
        Copy To
      </MenuItem>
      <MenuItem onSelect={() => copy(answer.unified)}>Copy as unified diff</MenuItem>
    </Menu>
  )
}

function EndWords({ word, version }: { word: string; version: Change | null }) {
  if (version === null) {
    return (
      <span>
        <b>{word}</b> <span className="dim">nothing recorded before</span>
      </span>
    )
  }
  return (
    <span>
      <b>{word}</b> <Revision value={version.revision} />{' '}
      <span className="dim">
        {version.op === 'delete' ? 'deleted' : `version ${version.version}`}, <Time value={version.at} />
        {version.manager !== null && `, ${version.manager}`}
      </span>
    </span>
  )
}

/** Secrets: their length, and whether they are the same. */
function RedactedDiff({ answer }: { answer: DiffAnswer }) {
  const { before, after, changed } = redactedWords(answer)
  const entries = prepareEntries(answer)
  return (
    <>
      <div className="state">
        <p>
          <b>
            {before !== null && before !== after && `${before} before, `}
            {after === null
              ? 'deleted'
              : `${after}, redacted, ${before === null ? 'created' : changed ? 'changed' : 'unchanged'}`}
          </b>
        </p>
        <p className="mid">
          Values of Secrets never enter the record: only lengths, and keyed fingerprints that tell equal from different.
        </p>
      </div>
      {entries !== null && <RedactedEntries entries={entries} />}
    </>
  )
}
