import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { ScopeError } from '../core/errors'
import { badSetting } from './badSetting'
import { type ConfigFile, configFile, knownKeys } from './configSchema'
import { nearestName } from './nearestName'

type Path = readonly (string | number)[]

/** The checked file and a way to say where in it a value stands. */
export interface ReadConfig {
  readonly content: ConfigFile
  /** `file.yaml line 4 column 7, clusters[0].tls.caFile`. */
  where(path: Path): string
}

/**
 * Parses and checks the YAML text. The first mistake is the one told, with file, line, column and path. Values are
 * never repeated: any of them may be a password put on the wrong line.
 */
export function readConfig(fileName: string, yamlText: string): ReadConfig {
  const lines = new LineCounter()
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors[0]
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0])
    const at = `${fileName} line ${line} column ${col}`
    throw badSetting(at, `${at} is not valid YAML: ${yamlReason(broken.code)}.`)
  }
  const where = (path: Path) => place(fileName, document, lines, path)
  const parsed = configFile.safeParse(document.toJS({ maxAliasCount: 50 }))
  if (parsed.success) return { content: parsed.data, where }
  const issue = parsed.error.issues[0]
  throw issue === undefined ? badSetting(fileName, `${fileName} is not a valid configuration.`) : refuse(issue, where)
}

/** The first mistake as a sentence with its place; values are not repeated. */
export function refuse(issue: z.core.$ZodIssue, where: (path: Path) => string): ScopeError {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const known = knownKeys[sectionOf(path)] ?? []
    const nearest = nearestName(key, known)
    const advice = nearest === null ? `known here: ${known.join(', ')}` : `did you mean ${nearest}?`
    const at = where([...path, key])
    return badSetting(at, `${at} is not a setting; ${advice}${nearest === null ? '.' : ''}`)
  }
  const at = where(path)
  return badSetting(at, `${at} ${reasonOf(issue)}.`)
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    return 'input' in issue && issue.input === undefined
      ? 'is missing'
      : issue.message.endsWith('received undefined')
        ? 'is missing'
        : `must be ${article(issue.expected)}`
  }
  if (issue.code === 'too_small') return 'must not be empty'
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_format') return `must be ${issue.message}`
  return `is not valid: ${issue.message.replaceAll('. ', ': ')}`
}

function article(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    array: 'a list',
    object: 'a section with settings',
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
  }
  return names[expected] ?? expected
}

/** The last name of a path without list positions: `clusters[1].tls` is the section `tls`. */
function sectionOf(path: Path): string {
  return String(path.findLast((part) => typeof part === 'string') ?? '')
}

function place(fileName: string, document: Document.Parsed, lines: LineCounter, path: Path): string {
  const dotted = path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
  // A missing value has no place of its own; its nearest present parent has.
  for (let length = path.length; length > 0; length--) {
    const offset = offsetOf(document, path.slice(0, length))
    if (offset === null) continue
    const { line, col } = lines.linePos(offset)
    return `${fileName} line ${line} column ${col}, ${dotted}`
  }
  return dotted === '' ? fileName : `${fileName}, ${dotted}`
}

function offsetOf(document: Document.Parsed, path: Path): number | null {
  const node = document.getIn(path, true)
  return isNode(node) && node.range ? node.range[0] : null
}

const yamlReasons: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the indentation is not consistent',
  TAB_AS_INDENT: 'a tab stands where spaces must',
  DUPLICATE_KEY: 'the same key stands twice',
  MISSING_CHAR: 'a character such as a colon or a closing quote is missing',
  UNEXPECTED_TOKEN: 'something stands here that does not belong',
  BAD_ALIAS: 'an alias is not valid',
}

function yamlReason(code: string): string {
  return yamlReasons[code] ?? code.toLowerCase().replaceAll('_', ' ')
}
