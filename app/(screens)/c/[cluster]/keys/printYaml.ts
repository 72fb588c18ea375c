import type { CodeLine, Token } from './codeLines'

/**
 * An object as YAML, as the change log prints it: two spaces, lists indented, block text for text of several lines.
 * Whatever a reader of YAML 1.1 or 1.2 would take for something else than a text is quoted.
 */
export function printYaml(value: unknown): readonly CodeLine[] {
  return linesOf(value, 0)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isContainer = (value: unknown): boolean => isObject(value) || Array.isArray(value)

function linesOf(value: unknown, indent: number): CodeLine[] {
  if (Array.isArray(value)) return value.length === 0 ? [one(indent, 'mark', '[]')] : listLines(value, indent)
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
    return entries.length === 0 ? [one(indent, 'mark', '{}')] : entries.flatMap((entry) => entryLines(entry, indent))
  }
  return scalarLines(value, indent, indent)
}

const one = (indent: number, kind: Token[0], text: string): CodeLine => ({ indent, tokens: [[kind, text]] })

function listLines(items: readonly unknown[], indent: number): CodeLine[] {
  return items.flatMap((item) => {
    const [first, ...rest] = isContainer(item) ? linesOf(item, indent + 2) : scalarLines(item, indent, indent)
    return first === undefined ? [] : [{ indent, tokens: [['mark', '- '] as const, ...first.tokens] }, ...rest]
  })
}

const isBlock = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0

function entryLines([name, value]: readonly [string, unknown], indent: number): CodeLine[] {
  const lead: Token[] = [
    ['key', isPlain(name) ? name : JSON.stringify(name)],
    ['mark', ':'],
  ]
  if (isBlock(value)) return [{ indent, tokens: lead }, ...linesOf(value, indent + 2)]
  const [first, ...rest] = isContainer(value) ? linesOf(value, 0) : scalarLines(value, 0, indent)
  return [{ indent, tokens: [...lead, ['plain', ' '], ...(first?.tokens ?? [])] }, ...rest]
}

/** The lines behind the first stand two spaces inside `parent`. */
function scalarLines(value: unknown, indent: number, parent: number): CodeLine[] {
  if (typeof value === 'number') return [one(indent, 'number', numberText(value))]
  if (typeof value === 'bigint') return [one(indent, 'number', String(value))]
  if (typeof value !== 'string')
    return [one(indent, 'word', value === true ? 'true' : value === false ? 'false' : 'null')]
  if (isBlockText(value)) return blockLines(value, indent, parent + 2)
  return [one(indent, 'string', isPlain(value) ? value : JSON.stringify(value))]
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

/** Characters that YAML allows as they are and that a screen shows. */
const printable = /^[\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u

/** Text of several lines that reads better as it is than with `\n` in quotes. */
function isBlockText(text: string): boolean {
  return text.includes('\n') && !/^\s/.test(text) && printable.test(text)
}

function blockLines(text: string, indent: number, inner: number): CodeLine[] {
  const body = text.replace(/\n+$/, '')
  const ends = text.length - body.length
  const lines = body.split('\n').concat(Array.from({ length: Math.max(0, ends - 1) }, () => ''))
  return [
    one(indent, 'mark', ends === 0 ? '|-' : ends === 1 ? '|' : '|+'),
    ...lines.map((line): CodeLine => (line === '' ? { indent: 0, tokens: [] } : one(inner, 'string', line))),
  ]
}

/** What plain text would be read as, in YAML 1.1 or 1.2: nothing, truth, a number, a time, a merge. */
const notText = [
  /^(~|null|true|false|yes|no|on|off|y|n|<<|=)$/i,
  /^[-+]?(0b[01_]+|0o?[0-7_]+|0x[\da-f_]+|\d[\d_]*)$/i,
  /^[-+]?(\.\d[\d_]*|\d[\d_]*(\.[\d_]*)?)(e[-+]?\d+)?$/i,
  /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?$/,
  /^[-+]?\.(inf|nan)$/i,
  /^\d{4}-\d\d?-\d\d?([Tt ]|$)/,
] as const

function isPlain(text: string): boolean {
  if (text === '' || text.trim() !== text || /[\n\t]/.test(text) || !printable.test(text)) return false
  if (/^[,[\]{}#&*!|>'"%@`]|^[-?:]( |$)|^(---|\.\.\.)|: | #|:$/.test(text)) return false
  return !notText.some((pattern) => pattern.test(text))
}
