import type { z } from 'zod'
import { ScopeError } from '../../../lib/core/errors'

/** A rule, a channel or a policy is a few kilobytes; more is a mistake or an attack. */
const bodyBytesLimit = 1024 * 1024

/** An expression of a rule has twelve levels; nested without end a body would break the checking itself. */
const depthLimit = 64

/** The JSON body, checked. Rejects with BAD_REQUEST naming the field at fault, as `thresholds.0.value`. */
export async function parseBody<B extends z.ZodType>(schema: B, request: Request): Promise<z.output<B>> {
  const parsed = schema.safeParse(jsonOf(await readText(request)))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = issue?.path.map(String) ?? []
  // An unknown field is named by itself, not by the object that it stands in.
  if (issue?.code === 'unrecognized_keys') path.push(issue.keys[0] ?? '')
  const field = path.join('.') || 'body'
  throw badBody(`${field} is wrong: ${issue?.message ?? 'not valid'}`, field)
}

async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body?.getReader()
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    size += next.value.byteLength
    if (size > bodyBytesLimit) throw badBody(`The body is larger than ${bodyBytesLimit} bytes.`)
    chunks.push(next.value)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') throw badBody('The body is missing: send JSON.')
  if (depthOf(text) > depthLimit) throw badBody(`The body is nested more than ${depthLimit} levels deep.`)
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own sentence quotes what was sent, which may be a secret.
    throw badBody('The body is not JSON.')
  }
}

/** Of objects and lists, outside of texts. */
function depthOf(text: string): number {
  let [depth, deepest, quoted] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth)
    else if (char === '}' || char === ']') depth--
  }
  return deepest
}

function badBody(sentence: string, field = 'body'): ScopeError {
  return new ScopeError('BAD_REQUEST', sentence, { subject: field.slice(0, 100) })
}
