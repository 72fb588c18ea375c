import type { AnswerOf, InputOf } from '../contract'
import { ScopeError } from '../core/errors'
import type { ClusterRow, ValueRow } from '../store/store'
import { plainLines, printedLines } from './blamePrinted'
import { ascribeAll, type BlameNode, blameTree, showOlder } from './blameTree'
import { blamedVersion, isCreation, relationOf } from './blameVersions'
import { timeOf } from './instant'
import { keyFieldsOf, keyOf } from './keyBytes'
import { clusterOf, type Scope } from './scope'
import { shownBytesLimit, versionAt } from './value'

/** Older versions than these are not looked at: an answer must come, however long the history. */
const versionLimit = 500
const readLimitBytes = 16 * 1024 * 1024
const pageSize = 100
const itemLimit = 5_000

type Answer = AnswerOf<'blame'>
interface Origin {
  readonly row: ValueRow
  readonly afterGap: boolean
}

/** Who last changed each line of a key's value at a moment. NOT_FOUND when it did not exist then. */
export async function blame(scope: Scope, input: InputOf<'blame'>): Promise<Answer> {
  const cluster = await clusterOf(scope, input.cluster)
  const { row, revision } = await versionAt(scope, cluster, keyOf(input), input.at, { epoch: input.epoch })
  if (!row || row.op === 'delete') {
    const why = row ? `was deleted at revision ${row.revision}` : `does not exist at revision ${revision}`
    throw new ScopeError('NOT_FOUND', `The key ${why}.`, { subject: 'key' })
  }
  const newest = blamedVersion(row)
  const root = blameTree<Origin>(newest.value)
  const walked = await walkBack(scope, cluster, newest, root)
  const whole = newest.text()
  const text = whole.slice(0, shownBytesLimit)
  const structured = newest.language === 'yaml' || newest.language === 'json'
  const printed = structured ? printedLines(text, newest.language, root) : plainLines(text, root)
  const lines = printed.map(({ text: line, node, line: own }) => ({
    text: line,
    path: structured ? (node?.path ?? null) : null,
    ...originFields(own ? own.origin : (node?.origin ?? null)),
  }))
  const { items, more } = itemsOf(root)
  const notes = [walked.note, text.length < whole.length ? 'Only the first 2 MiB are shown.' : null]
  if (more) notes.push(`Only the first ${itemLimit.toLocaleString('en-US')} fields are listed.`)
  if (printed.some((line) => line.node === null))
    notes.push('The printed value is too long to tell whose its lines are.')
  const note = notes.filter((one) => one !== null).join(' ')
  return {
    ...keyFieldsOf(row.key),
    revision: String(row.revision),
    at: timeOf(row.atMs),
    epoch: row.epoch,
    language: newest.language,
    truncated: note !== '',
    note: note === '' ? null : note,
    versions: walked.versions,
    lines,
    items,
  }
}

/** Shows the tree version after version, newest first, until nothing is left to ascribe or a limit is reached. */
async function walkBack(
  scope: Scope,
  cluster: ClusterRow,
  newest: ReturnType<typeof blamedVersion>,
  root: BlameNode<Origin>,
): Promise<{ versions: number; note: string | null }> {
  let newer: Omit<typeof newest, 'text'> = newest
  let versions = 1
  let readBytes = newest.row.valueBytes
  while (root.open) {
    const { row } = newer
    const page = isCreation(row)
      ? []
      : await scope.reader.history(cluster, row.key, { limit: pageSize, after: { ...row } })
    // Without a creation at the end, what came before was never recorded.
    if (page.length === 0) ascribeAll(root, { row, afterGap: !isCreation(row) })
    for (const change of page) {
      scope.signal?.throwIfAborted()
      const relation = relationOf(change, newer.row)
      const origin = { row: newer.row, afterGap: relation !== 'before' && !isCreation(newer.row) }
      if (relation === 'other' || change.op === 'delete') {
        ascribeAll(root, origin)
        break
      }
      if (versions === versionLimit || readBytes > readLimitBytes)
        return { versions, note: noteOf(newer.row, versions) }
      const found = await scope.reader.valueAt(cluster, change.epoch, row.key, change.revision)
      if (!found || found.revision !== change.revision) throw lost(change.revision)
      const older = blamedVersion(found)
      // Entries that were there, but not recorded, are as lost as a version.
      const known = older.withEntries || !newer.withEntries
      const comparable = older.language === newer.language && known
      showOlder(root, newer.value, comparable ? older.value : undefined, known ? origin : { ...origin, afterGap: true })
      newer = older
      versions += 1
      readBytes += found.valueBytes
      if (!root.open) break
    }
  }
  return { versions, note: null }
}

function noteOf(oldest: ValueRow, versions: number): string {
  return `The newest ${versions.toLocaleString('en-US')} versions were looked at, back to revision ${oldest.revision} of ${timeOf(oldest.atMs)}: lines without a revision are older.`
}

function lost(revision: bigint): ScopeError {
  return new ScopeError('INTERNAL', `The version at revision ${revision} is listed but cannot be read.`)
}

function originFields(
  origin: Origin | null,
): Pick<Answer['lines'][number], 'revision' | 'at' | 'manager' | 'afterGap'> {
  if (origin === null) return { revision: null, at: null, manager: null, afterGap: false }
  const { row, afterGap } = origin
  return { revision: String(row.revision), at: timeOf(row.atMs), manager: row.manager, afterGap }
}

function itemsOf(root: BlameNode<Origin>): { items: Answer['items']; more: boolean } {
  const items: Answer['items'] = []
  let more = false
  const collect = (node: BlameNode<Origin>): void => {
    if (node.kind !== 'leaf') for (const child of node.children.values()) collect(child)
    else if (items.length === itemLimit) more = true
    else items.push({ path: node.path, value: node.value, ...originFields(node.origin) })
  }
  collect(root)
  return { items, more }
}
