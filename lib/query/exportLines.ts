import { applicableObject } from '../kubernetes/applicableObject'
import { isJsonObject } from '../kubernetes/decodeObject'
import { presentValue, printYaml } from '../kubernetes/presentValue'
import type { ValueRow } from '../store/store'
import { keyFieldsOf } from './keyBytes'
import { entriesOf, fingerprintOf } from './value'

/**
 * A recorded version as it stands in an export. Pure. Of a Secret neither form holds more than its fingerprint and
 * length, and the YAML holds no document for it: applied, that would overwrite the real one with nothing.
 */

/** One line of NDJSON, its end included: every key, as recorded. */
export function ndjsonLine(row: ValueRow): string {
  const line = {
    ...keyFieldsOf(row.key),
    modRevision: String(row.revision),
    createRevision: String(row.createRevision),
    version: String(row.version),
    leaseId: row.leaseId === 0n ? null : String(BigInt.asUintN(64, row.leaseId)),
    ...contentOf(row),
  }
  return `${JSON.stringify(line, int64AsText)}\n`
}

function contentOf(row: ValueRow): Record<string, unknown> {
  if (row.value === null) {
    return { redacted: { fingerprint: fingerprintOf(row), valueBytes: row.valueBytes, entries: entriesOf(row) } }
  }
  const shown = presentValue(row.key, row.value, row.revision)
  if (shown.encoding === 'kubernetes') return { object: shown.object }
  // JSON as its text: a number of 64 bits, the order and the spaces stay what they were.
  if (shown.text !== undefined) return { text: shown.text }
  return { base64: Buffer.from(row.value).toString('base64') }
}

/** Decoded objects may hold a 64-bit number, which JSON's numbers cannot. */
function int64AsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

export interface YamlPart {
  readonly text: string
  readonly kind: 'object' | 'withheld' | 'other'
}

/** A document that begins with `---`, or a comment that says why there is none. */
export function yamlPart(row: ValueRow): YamlPart {
  const at = `revision ${row.revision}`
  if (row.value === null) return withheld(row, at)
  const shown = presentValue(row.key, row.value, row.revision)
  const recorded = shown.encoding === 'kubernetes' && isJsonObject(shown.object) ? shown.object : null
  if (recorded?.kind === 'Secret') return withheld(row, at, 'Secret')
  const applicable = recorded && applicableObject(recorded)
  if (!applicable) {
    const what = shown.encoding === 'encrypted' ? 'encrypted' : 'not a Kubernetes object'
    return { kind: 'other', text: `# ${keyText(row.key)}, ${at}: ${what}, use ndjson\n` }
  }
  const remarks = [...applicable.remarks, ...(shown.note === null ? [] : [shown.note])]
  const comments = [`${keyText(row.key)}, ${at}`, ...remarks].map((line) => `# ${line}\n`)
  return { kind: 'object', text: `---\n${comments.join('')}${printYaml(applicable.object)}` }
}

/** A key of which retention removed what it was at the moment: named, so that it is not taken for absent. */
export function unknownLine(key: Uint8Array): string {
  return `${JSON.stringify({ ...keyFieldsOf(key), unknown: 'removed by retention' })}\n`
}

export function unknownPart(key: Uint8Array): YamlPart {
  return { kind: 'other', text: `# ${keyText(key)}: removed by retention, its state at this moment is not known\n` }
}

/** `kind` where the value itself says what it is. */
function withheld(
  row: ValueRow,
  at: string,
  kind = row.resource === 'secrets' ? 'Secret' : 'redacted value',
): YamlPart {
  const named =
    row.name === null ? keyText(row.key) : [row.namespace, row.name].filter((part) => part !== null).join('/')
  const resource = kind === 'Secret' || row.resource === null ? '' : `of ${row.resource} `
  const fingerprint = fingerprintOf(row)
  const known = fingerprint === '' ? '' : `, fingerprint ${fingerprint}`
  return {
    kind: 'withheld',
    text: `# ${kind} ${resource}${named}, ${at}${known}: its data is not in the record, nothing to apply\n`,
  }
}

/** Quoted, so that no key can end the comment that names it. */
function keyText(key: Uint8Array): string {
  const named = keyFieldsOf(key)
  const text = 'key' in named ? JSON.stringify(named.key) : `base64 ${named.keyBase64}`
  return text.replace(/[\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
