import type { WordPart } from './wordDiff'

/** A line's text with the changed words washed. */
export function Words({ parts }: { parts: readonly WordPart[] }) {
  return parts.map((part, index) => (part.changed ? <mark key={index}>{part.text}</mark> : part.text))
}
