/**
 * Regular expressions of people, matched in time linear in the text: the engine of the language itself may take hours
 * over `(a+)+$`. The syntax is that of RE2, as in Prometheus, without the rarer parts; what is not understood is
 * refused, never guessed. A pattern is a set of states that moves over the text; nothing ever steps back.
 */
export interface LinearRegex {
  /** Whether the whole text matches. */
  matches(text: string): boolean
}

const stateLimit = 2_000
const repeatLimit = 1_000
const depthLimit = 50

type Test = (codePoint: number) => boolean

type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'one'; readonly test: Test }
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly min: number; readonly max: number }

/** A pattern that cannot be used, with the reason as the end of a sentence. */
export class RegexRefusal extends Error {}

/** Throws RegexRefusal. */
export function compileLinearRegex(pattern: string): LinearRegex {
  const states: State[] = []
  const accept = add(states, { kind: 'accept' })
  const start = build(states, new Parser(pattern).parse(), accept)
  return { matches: (text) => run(states, start, accept, text) }
}

/** Null when the pattern can be used; otherwise why not. */
export function regexFault(pattern: string): string | null {
  try {
    compileLinearRegex(pattern)
    return null
  } catch (error) {
    if (error instanceof RegexRefusal) return error.message
    throw error
  }
}

// ------------------------------------------------------------------------------------------------------- the machine

type State =
  | { readonly kind: 'accept' }
  | { readonly kind: 'one'; readonly test: Test; readonly next: number }
  | { readonly kind: 'split'; readonly next: number[] }
  | { readonly kind: 'begin' | 'end'; readonly next: number }

function add(states: State[], state: State): number {
  if (states.length >= stateLimit) throw new RegexRefusal('it is too large')
  return states.push(state) - 1
}

/** Builds from the end: each part knows the state that follows it. Answers the state where the part begins. */
function build(states: State[], node: Node, next: number): number {
  switch (node.kind) {
    case 'empty':
      return next
    case 'one':
      return add(states, { kind: 'one', test: node.test, next })
    case 'begin':
    case 'end':
      return add(states, { kind: node.kind, next })
    case 'all':
      return node.of.reduceRight((after, part) => build(states, part, after), next)
    case 'any':
      return add(states, { kind: 'split', next: node.of.map((part) => build(states, part, next)) })
    case 'repeat': {
      let start = next
      if (node.max === Number.POSITIVE_INFINITY) {
        const loop: number[] = [next]
        start = add(states, { kind: 'split', next: loop })
        loop.push(build(states, node.of, start))
      } else {
        for (let i = node.min; i < node.max; i++) {
          start = add(states, { kind: 'split', next: [next, build(states, node.of, start)] })
        }
      }
      // A state for each round, also around what has none: so that the limit bounds the building too.
      for (let i = 0; i < node.min; i++) {
        start = add(states, { kind: 'split', next: [build(states, node.of, start)] })
      }
      return start
    }
  }
}

function run(states: readonly State[], start: number, accept: number, text: string): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  let present = closure(states, [start], 0, points.length)
  for (const [index, point] of points.entries()) {
    const moved: number[] = []
    for (const id of present) {
      const state = states[id]
      if (state?.kind === 'one' && state.test(point)) moved.push(state.next)
    }
    if (moved.length === 0) return false
    present = closure(states, moved, index + 1, points.length)
  }
  return present.has(accept)
}

/** Every state that is reached without taking a character. */
function closure(states: readonly State[], from: readonly number[], at: number, end: number): Set<number> {
  const reached = new Set<number>()
  const open = [...from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    const state = states[id]
    if (state?.kind === 'split') open.push(...state.next)
    if ((state?.kind === 'begin' && at === 0) || (state?.kind === 'end' && at === end)) open.push(state.next)
  }
  return reached
}

// -------------------------------------------------------------------------------------------------------- the syntax

class Parser {
  readonly #text: readonly string[]
  readonly #anyCase: boolean
  #at = 0
  #depth = 0

  constructor(pattern: string) {
    this.#anyCase = pattern.startsWith('(?i)')
    this.#text = Array.from(this.#anyCase ? pattern.slice(4) : pattern)
  }

  parse(): Node {
    const node = this.#alternatives()
    if (this.#at < this.#text.length) throw new RegexRefusal('a ")" closes nothing')
    return node
  }

  #peek(): string | undefined {
    return this.#text[this.#at]
  }

  #take(expected: string): boolean {
    if (this.#text.slice(this.#at, this.#at + expected.length).join('') !== expected) return false
    this.#at += expected.length
    return true
  }

  #alternatives(): Node {
    const of = [this.#sequence()]
    while (this.#take('|')) of.push(this.#sequence())
    return of.length === 1 ? (of[0] ?? { kind: 'empty' }) : { kind: 'any', of }
  }

  #sequence(): Node {
    const of: Node[] = []
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      of.push(this.#repeated(this.#atom()))
    }
    return { kind: 'all', of }
  }

  #repeated(of: Node): Node {
    const bounds = this.#bounds()
    if (bounds === null) return of
    this.#take('?') // lazy or not, the whole text matches or it does not
    if (this.#bounds() !== null) throw new RegexRefusal('a repetition is repeated')
    return { kind: 'repeat', of, ...bounds }
  }

  #bounds(): { min: number; max: number } | null {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { min: 0, max: 1 }
    if (this.#peek() !== '{') return null
    const written = /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(this.#text.slice(this.#at, this.#at + 14).join(''))
    if (written === null) throw new RegexRefusal('a "{" begins no repetition; write \\{')
    this.#at += written[0].length
    const min = Number(written[1])
    const max = written[2] === undefined ? min : written[3] === '' ? Number.POSITIVE_INFINITY : Number(written[3])
    if (max < min) throw new RegexRefusal('a repetition ends before it begins')
    if (min > repeatLimit || (max > repeatLimit && max !== Number.POSITIVE_INFINITY)) {
      throw new RegexRefusal(`it repeats more than ${repeatLimit} times`)
    }
    return { min, max }
  }

  #atom(): Node {
    if (this.#take('(')) return this.#group()
    if (this.#take('^')) return { kind: 'begin' }
    if (this.#take('$')) return { kind: 'end' }
    if (this.#take('.')) return { kind: 'one', test: () => true }
    if (this.#take('[')) return { kind: 'one', test: this.#class() }
    const character = this.#text[this.#at++] ?? ''
    if ('*+?{'.includes(character)) throw new RegexRefusal(`"${character}" repeats nothing`)
    return { kind: 'one', test: character === '\\' ? this.#escape() : this.#literal(character) }
  }

  #group(): Node {
    if (++this.#depth > depthLimit) throw new RegexRefusal('its groups are too deep')
    if (this.#take('?') && !this.#take(':') && !this.#groupName()) {
      throw new RegexRefusal('look-around and flags inside are not supported')
    }
    const node = this.#alternatives()
    if (!this.#take(')')) throw new RegexRefusal('a "(" is not closed')
    this.#depth--
    return node
  }

  #groupName(): boolean {
    const name = /^P?<[A-Za-z_]\w*>/.exec(this.#text.slice(this.#at, this.#at + 100).join(''))
    this.#at += name?.[0].length ?? 0
    return name !== null
  }

  #class(): Test {
    const negated = this.#take('^')
    const tests: Test[] = []
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#peek() === undefined) throw new RegexRefusal('a "[" is not closed')
      if (this.#take('[:')) throw new RegexRefusal('classes such as [[:alpha:]] are not supported')
      const low = this.#classCharacter()
      if (typeof low === 'function') {
        tests.push(low)
      } else if (this.#peek() === '-' && this.#text[this.#at + 1] !== ']') {
        this.#at++
        const high = this.#classCharacter()
        if (typeof high === 'function' || high < low) throw new RegexRefusal('a range in a class runs backwards')
        tests.push(this.#range(low, high))
      } else {
        tests.push(this.#range(low, low))
      }
    }
    this.#at++
    return (point) => tests.some((test) => test(point)) !== negated
  }

  #classCharacter(): number | Test {
    const character = this.#text[this.#at++]
    if (character === undefined) throw new RegexRefusal('a "[" is not closed')
    return character === '\\' ? this.#escaped() : (character.codePointAt(0) ?? 0)
  }

  #escape(): Test {
    const escaped = this.#escaped()
    return typeof escaped === 'function' ? escaped : this.#range(escaped, escaped)
  }

  #escaped(): number | Test {
    const character = this.#text[this.#at++]
    if (character === undefined) throw new RegexRefusal('it ends with a "\\"')
    const set = sets[character.toLowerCase()]
    if (set !== undefined) return character === character.toLowerCase() ? set : (point) => !set(point)
    const control = controls[character]
    if (control !== undefined) return control
    if (/[A-Za-z0-9]/.test(character)) throw new RegexRefusal(`"\\${character}" is not supported`)
    return character.codePointAt(0) ?? 0
  }

  #literal(character: string): Test {
    const point = character.codePointAt(0) ?? 0
    return this.#range(point, point)
  }

  #range(low: number, high: number): Test {
    const within: Test = (point) => point >= low && point <= high
    if (!this.#anyCase) return within
    return (point) => within(point) || otherCases(point).some(within)
  }
}

function otherCases(point: number): number[] {
  const character = String.fromCodePoint(point)
  return [character.toLowerCase(), character.toUpperCase()].map((other) => other.codePointAt(0) ?? 0)
}

const sets: Readonly<Record<string, Test>> = {
  d: (point) => point >= 48 && point <= 57,
  w: (point) =>
    (point >= 48 && point <= 57) || (point >= 65 && point <= 90) || (point >= 97 && point <= 122) || point === 95,
  s: (point) => point === 32 || (point >= 9 && point <= 13 && point !== 11),
}

const controls: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11 }
