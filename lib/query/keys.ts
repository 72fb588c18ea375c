import { z } from 'zod'
import type { AnswerOf, InputOf, KeyItem } from '../contract'
import { ScopeError } from '../core/errors'
import type { KeyAtRow } from '../store/store'
import { keyFieldsOf, prefixOf, prefixRange, textOfBytes } from './keyBytes'
import { coveredMoment } from './moment'
import { digits, pageFrom, readCursor, writeCursor } from './pageCursor'
import { clusterOf, type Scope } from './scope'
import { thinnedAt } from './thinned'

type Branch = { prefix: Uint8Array; count: number; valueBytes: number }

/** The cursor pins the moment: pages of `at=now` belong together while writes go on. */
const cursorShape = z.tuple([z.number().int().min(0), digits, z.string().regex(/^[A-Za-z0-9_-]*$/)])

/** The keys alive under a prefix at a moment, in key order; with a delimiter, grouped into branches. */
export async function keys(scope: Scope, input: InputOf<'keys'>): Promise<AnswerOf<'keys'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const kind = input.delimiter === undefined ? 'keys' : 'tree'
  const cursor = readCursor(input.cursor, kind, cursorShape)
  const moment = cursor
    ? { epoch: cursor[0], revision: BigInt(cursor[1]) }
    : await coveredMoment(scope, cluster, input.at, { epoch: input.epoch })
  const page = { limit: input.limit + 1, afterKey: cursor ? new Uint8Array(Buffer.from(cursor[2], 'base64url')) : null }
  const prefix = prefixOf(input)
  const rows: (Branch | KeyAtRow)[] =
    input.delimiter === undefined
      ? await scope.reader.keysAt(cluster, moment.epoch, moment.revision, prefixRange(prefix), page)
      : await scope.reader.treeAt(cluster, moment.epoch, moment.revision, prefix, delimiterByte(input.delimiter), page)
  const found = pageFrom(rows, input.limit, keyItemOf, (row) => {
    const last = 'prefix' in row ? row.prefix : row.key
    return writeCursor(kind, [moment.epoch, String(moment.revision), Buffer.from(last).toString('base64url')])
  })
  return { ...found, thinned: await thinnedAt(scope, cluster, [moment]) }
}

function delimiterByte(delimiter: string): number {
  const code = delimiter.charCodeAt(0)
  if (code > 0x7f)
    throw new ScopeError('BAD_REQUEST', 'delimiter must be one ASCII character.', { subject: 'delimiter' })
  return code
}

function keyItemOf(row: Branch | KeyAtRow): KeyItem {
  if ('prefix' in row) {
    const text = textOfBytes(row.prefix)
    const { count, valueBytes } = row
    if (text !== null) return { prefix: text, count, valueBytes }
    const prefixBase64 = Buffer.from(row.prefix).toString('base64url')
    return { prefix: lossyText(row.prefix), prefixBase64, count, valueBytes }
  }
  return {
    ...keyFieldsOf(row.key),
    modRevision: String(row.modRevision),
    createRevision: String(row.createRevision),
    version: String(row.version),
    leaseId: row.leaseId === 0n ? null : String(BigInt.asUintN(64, row.leaseId)),
    valueBytes: row.valueBytes,
    ...(row.unknown ? { unknown: true } : {}),
  }
}

/** A branch has a name to show even when its bytes are not text. */
function lossyText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
