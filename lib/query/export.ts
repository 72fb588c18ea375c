import type { InputOf } from '../contract'
import { ScopeError } from '../core/errors'
import type { ClusterRow, ValueRow } from '../store/store'
import { ndjsonLine, unknownLine, unknownPart, yamlPart } from './exportLines'
import { timeOf } from './instant'
import { keyIfGiven, prefixOf, prefixRange, textOfBytes } from './keyBytes'
import { coveredMoment } from './moment'
import { clusterOf, type Scope } from './scope'
import { thinnedAt } from './thinned'
import { versionAt } from './value'

/** Keys asked for at once; their values are read one at a time. */
const keysPerPage = 500

export interface Export {
  readonly fileName: string
  readonly mediaType: string
  /** The file piece by piece, each at most one key's; reads on only as it is asked for the next. */
  readonly pieces: AsyncGenerator<string>
}

/** A version, or a key of which retention removed what it was. */
type ExportedRow = ValueRow | { readonly key: Uint8Array; readonly unknown: true }

interface Source {
  readonly moment: { readonly epoch: number; readonly revision: bigint }
  readonly what: string
  readonly rows: AsyncGenerator<ExportedRow>
}

/**
 * The keys under a prefix, or one key, at a moment as a file. Everything that can be wrong with the question rejects
 * before the first piece: NOT_COVERED, NOT_FOUND, BAD_REQUEST. What is written while it runs is not in it.
 */
export async function exportKeys(scope: Scope, input: InputOf<'export'>): Promise<Export> {
  const cluster = await clusterOf(scope, input.cluster)
  const source = await sourceOf(scope, cluster, input)
  const isYaml = input.format === 'yaml'
  return {
    fileName: `${fileStem(cluster.name, source)}.${input.format}`,
    mediaType: isYaml ? 'application/yaml; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
    pieces: isYaml ? yamlPieces(await headOf(scope, cluster, source), source.rows) : ndjsonPieces(source.rows),
  }
}

async function sourceOf(scope: Scope, cluster: ClusterRow, input: InputOf<'export'>): Promise<Source> {
  const key = keyIfGiven(input)
  if (key === null) {
    const moment = await coveredMoment(scope, cluster, input.at, { epoch: input.epoch })
    const prefix = prefixOf(input)
    return { moment, what: nameOf(prefix), rows: rowsUnder(scope, cluster, moment, prefix) }
  }
  if (input.prefix !== undefined || input.prefixBase64 !== undefined) {
    throw new ScopeError('BAD_REQUEST', 'Give a key or a prefix, not both.', { subject: 'prefix' })
  }
  const { row, epoch, revision } = await versionAt(scope, cluster, key, input.at, { epoch: input.epoch })
  if (!row || row.op === 'delete') {
    throw new ScopeError('NOT_FOUND', `The key does not exist at revision ${revision}.`, { subject: 'key' })
  }
  return { moment: { epoch, revision }, what: nameOf(key), rows: only(row) }
}

async function* only(row: ValueRow): AsyncGenerator<ExportedRow> {
  yield row
}

async function* rowsUnder(
  scope: Scope,
  cluster: ClusterRow,
  { epoch, revision }: Source['moment'],
  prefix: Uint8Array,
): AsyncGenerator<ExportedRow> {
  const range = prefixRange(prefix)
  for (let afterKey: Uint8Array | null = null; ; ) {
    const keys = await scope.reader.keysAt(cluster, epoch, revision, range, { limit: keysPerPage, afterKey })
    for (const { key, modRevision, unknown } of keys) {
      if (unknown) {
        yield { key, unknown }
        continue
      }
      const row = await scope.reader.valueAt(cluster, epoch, key, modRevision)
      if (row === null) throw new ScopeError('INTERNAL', `A key of revision ${modRevision} has no version there.`)
      yield row
    }
    afterKey = keys.at(-1)?.key ?? null
    if (keys.length < keysPerPage || afterKey === null) return
  }
}

async function* ndjsonPieces(rows: AsyncGenerator<ExportedRow>): AsyncGenerator<string> {
  for await (const row of rows) yield 'unknown' in row ? unknownLine(row.key) : ndjsonLine(row)
}

/** The last line counts what the file holds: without it the download was cut off. */
async function* yamlPieces(head: string, rows: AsyncGenerator<ExportedRow>): AsyncGenerator<string> {
  yield head
  const counts = { object: 0, withheld: 0, other: 0 }
  for await (const row of rows) {
    const { kind, text } = 'unknown' in row ? unknownPart(row.key) : yamlPart(row)
    counts[kind] += 1
    yield text
  }
  yield `# end: objects ${counts.object}, redacted values withheld ${counts.withheld}, other keys ${counts.other}\n`
}

async function headOf(scope: Scope, cluster: ClusterRow, { moment }: Source): Promise<string> {
  const writtenMs = await scope.reader.timeOf(cluster, moment.epoch, moment.revision)
  const thinned = await thinnedAt(scope, cluster, [moment])
  const missing = thinned.map((each) => `${each.class} up to revision ${each.revision}`).join(', ')
  return [
    `# etcdscope ${scope.version} export for review and kubectl apply`,
    `# cluster ${cluster.name}, epoch ${moment.epoch}, revision ${moment.revision}`,
    `# time ${writtenMs === null ? 'unknown' : timeOf(writtenMs)}`,
    ...(missing === '' ? [] : [`# not all kept at this moment, keys may be missing: ${missing}`]),
    '# left out: status and what else the apiserver keeps, owner references, Secrets and other redacted values\n',
  ].join('\n')
}

function nameOf(bytes: Uint8Array): string {
  return textOfBytes(bytes) ?? Buffer.from(bytes).toString('hex')
}

/** Letters that every file system and shell takes: `prod-registry-configmaps-shop-r1234`. */
function fileStem(cluster: string, { what, moment }: Source): string {
  const plain = what.replace(/[^A-Za-z0-9._]+/g, '-').replace(/^[-.]+|[-.]+$/g, '')
  const named = plain === '' ? 'all-keys' : plain.slice(0, 120)
  return `${cluster}-${named}-${moment.epoch === 1 ? '' : `e${moment.epoch}`}r${moment.revision}`
}
