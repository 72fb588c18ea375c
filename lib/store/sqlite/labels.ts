import { numberOf, numberOrNull, type Statements, textOf } from './statements'

/** Interned words: resources, namespaces, managers. A word's id never changes. */
export interface LabelWriter {
  idOf(text: string | null): number | null
  forgetAll(): void
}

export interface LabelReader {
  textOf(id: number | null): string | null
  /** Ids of those words that exist. */
  idsOf(texts: readonly string[]): number[]
}

/** Words are few; what a hostile cluster makes up must not fill the memory. */
const keptLabels = 50_000

export function createLabelWriter(statements: Statements): LabelWriter {
  const ids = new Map<string, number>()
  const select = statements.raw('SELECT id FROM label WHERE text = ?')
  const insert = statements.run('INSERT INTO label (text) VALUES (?)')
  return {
    idOf(text) {
      if (text === null) return null
      const known = ids.get(text)
      if (known !== undefined) return known
      const row = select.get(text)
      const id = row === undefined ? Number(insert.run(text).lastInsertRowid) : numberOf(row[0])
      if (ids.size >= keptLabels) ids.clear()
      ids.set(text, id)
      return id
    },
    forgetAll: () => ids.clear(),
  }
}

export function createLabelReader(statements: Statements): LabelReader {
  const texts = new Map<number, string>()
  const select = statements.raw('SELECT text FROM label WHERE id = ?')
  const byText = statements.raw('SELECT id FROM label WHERE text = ?')
  return {
    textOf(id) {
      if (id === null) return null
      const known = texts.get(id)
      if (known !== undefined) return known
      const row = select.get(id)
      if (row === undefined) return null
      const text = textOf(row[0])
      if (texts.size >= keptLabels) texts.clear()
      texts.set(id, text)
      return text
    },
    idsOf: (wanted) => wanted.map((text) => numberOrNull(byText.get(text)?.[0] ?? null)).filter((id) => id !== null),
  }
}
