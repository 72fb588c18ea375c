import type { AnswerOf, InputOf } from '../contract'
import { ScopeError } from '../core/errors'
import { presentValue, printValue } from '../kubernetes/presentValue'
import type { ValueRow } from '../store/store'
import { timeOf } from './instant'
import { keyOf, textOfBytes } from './keyBytes'
import { redactedEntries, redactedText } from './redactedText'
import { clusterOf, type Scope } from './scope'
import { structuralDiff } from './structuralDiff'
import { unifiedDiff } from './unifiedDiff'
import { shownBytesLimit, versionAt } from './value'

type Answer = AnswerOf<'diff'>
interface Side {
  readonly end: Answer['from']
  readonly text: string
  readonly language: Answer['language'] | null
  readonly object: unknown
  readonly redacted: boolean
}

/** One key at two moments. NOT_FOUND when the record has nothing of the key at either. */
export async function diff(scope: Scope, input: InputOf<'diff'>): Promise<Answer> {
  const cluster = await clusterOf(scope, input.cluster)
  const key = keyOf(input)
  const [old, now] = await Promise.all([
    versionAt(scope, cluster, key, input.from, { parameter: 'from', epoch: input.epoch }),
    versionAt(scope, cluster, key, input.to, { parameter: 'to', epoch: input.epoch }),
  ])
  if (!old.row && !now.row) {
    throw new ScopeError('NOT_FOUND', 'The key exists at neither of the two moments.', { subject: 'key' })
  }
  const before = sideOf(old.row)
  const after = sideOf(now.row)
  const name = textOfBytes(key) ?? Buffer.from(key).toString('base64')
  return {
    from: before.end,
    to: after.end,
    unified: unifiedDiff(before.text, after.text, { before: labelOf(name, before), after: labelOf(name, after) }),
    before: before.text,
    after: after.text,
    language: languageOf(before, after),
    changes: stepsOf(before, after),
  }
}

function sideOf(row: ValueRow | null): Side {
  if (!row || row.op === 'delete') {
    const end = row ? { revision: String(row.revision), at: timeOf(row.atMs), exists: false } : absent
    return { end, text: '', language: null, object: undefined, redacted: false }
  }
  const end = { revision: String(row.revision), at: timeOf(row.atMs), exists: true }
  if (row.value === null) {
    const data = redactedEntries(row)
    const object = data === null ? undefined : { data }
    return { end, text: redactedText(row), language: 'redacted', object, redacted: true }
  }
  const shown = presentValue(row.key, row.value, row.revision)
  const printed = printValue(shown)
  const text = printed.text.length > shownBytesLimit ? printed.text.slice(0, shownBytesLimit) : printed.text
  return { end, text, language: printed.language, object: shown.object, redacted: false }
}

const absent = { revision: null, at: null, exists: false }

function labelOf(name: string, side: Side): string {
  return side.end.exists ? `${name}\trevision ${side.end.revision}` : '/dev/null'
}

function languageOf(before: Side, after: Side): Answer['language'] {
  const language = after.language ?? before.language ?? 'text'
  if (before.redacted || after.redacted) return 'redacted'
  return before.language !== null && before.language !== language ? 'text' : language
}

function stepsOf(before: Side, after: Side): Answer['changes'] {
  if (before.text === after.text && before.end.exists === after.end.exists) return []
  const comparable = (side: Side) => !side.end.exists || side.object !== undefined
  const redacted = before.redacted || after.redacted
  const bothKinds = before.end.exists && after.end.exists && before.redacted !== after.redacted
  const steps = comparable(before) && comparable(after) && !bothKinds ? structuralDiff(before.object, after.object) : []
  return redacted && steps.length === 0 ? structuralDiff(wholeOf(before), wholeOf(after)) : steps
}

/** The line of the whole: it tells that a Secret was rewritten where its entries are equal or not known. */
function wholeOf(side: Side): string | undefined {
  return side.end.exists ? (side.redacted ? side.text.split('\n', 1)[0] : side.text.trimEnd()) : undefined
}
