/** One difference in words: `image web: 1.4 → 1.5`, `replicas 3 → 5`, `label tier removed`. */
import { mayQuote } from './credentials'
import type { Difference } from './differences'

const maxQuoted = 60

/** A scalar as it is quoted in a summary; null when it is no scalar or too long. */
function quote(value: unknown): string | null {
  if (value === undefined || value === null) return 'unset'
  if (typeof value === 'object') return null
  const text = value === '' ? '""' : String(value)
  return text.length > maxQuoted || /[\n\r\t]/.test(text) ? null : text
}

/** `3 → 5`, or null when either side must not or cannot be quoted; `name` decides with its look. */
export function arrow(name: string, before: unknown, after: unknown): string | null {
  if (!mayQuote(name, String(before ?? '')) || !mayQuote(name, String(after ?? ''))) return null
  const [from, to] = [quote(before), quote(after)]
  return from === null || to === null ? null : `${from} → ${to}`
}

function verb({ before, after }: Difference): string {
  return before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
}

function bare(segment: string): string {
  return segment.startsWith('[') && segment.endsWith(']') ? segment.slice(1, -1) : segment
}

/** `a.b[c].d` */
export function dotted(path: readonly string[]): string {
  return path.reduce((text, part) => (text === '' ? part : part.startsWith('[') ? text + part : `${text}.${part}`), '')
}

/** `label x added`, `replicas 3 → 5`, `env A of web changed`. */
function named(label: string, difference: Difference, separator = ' '): string {
  const name = difference.path[difference.path.length - 1] ?? ''
  const one = difference.before === undefined || difference.after === undefined
  if (one && name.startsWith('[')) return `${label} ${verb(difference)}`
  const scalar = typeof difference.before !== 'object' && typeof difference.after !== 'object'
  const shown = scalar ? arrow(`${label} ${bare(name)}`, difference.before, difference.after) : null
  return shown === null ? `${label} ${verb(difference)}` : `${label}${separator}${shown}`
}

const containerLists = new Set(['containers', 'initContainers', 'ephemeralContainers'])

/** Desired state: spec, data and everything that is neither metadata nor status. */
export function desiredPhrase(difference: Difference): string {
  const { path } = difference
  if (path[0] === 'data' || path[0] === 'binaryData') return entryPhrase(difference)
  const at = path.findIndex((part) => containerLists.has(part))
  if (at >= 0 && path.length > at + 1) return containerPhrase(difference, bare(path[at + 1] ?? ''), path.slice(at + 2))
  const inner = path[0] === 'spec' && path.length > 1 ? path.slice(1) : path
  const place = inner[0] === 'template' && inner[1] === 'spec' ? inner.slice(2) : inner
  if (place[place.length - 1] === 'kubectl.kubernetes.io/restartedAt') return 'rollout restarted'
  return named(dotted(place), difference)
}

function containerPhrase(difference: Difference, container: string, rest: readonly string[]): string {
  const [field, name] = rest
  if (field === undefined) return `container ${container} ${verb(difference)}`
  if (field === 'image') return imagePhrase(difference, container)
  if (field === 'env' && name !== undefined) return named(`env ${bare(name)} of ${container}`, difference, ': ')
  return named(`${container} ${dotted(rest)}`, difference)
}

/** `image web: 1.4 → 1.5`; the whole names when more than the tag differs. */
function imagePhrase({ before, after }: Difference, container: string): string {
  const split = (image: unknown) => /^(.*?)(?:[:@]([^/]*))?$/.exec(typeof image === 'string' ? image : '') ?? []
  const [, repositoryBefore, tagBefore] = split(before)
  const [, repositoryAfter, tagAfter] = split(after)
  if (repositoryBefore === repositoryAfter && tagBefore !== undefined && tagAfter !== undefined) {
    return `image ${container}: ${tagBefore.slice(0, maxQuoted)} → ${tagAfter.slice(0, maxQuoted)}`
  }
  const whole = (image: unknown) => String(image ?? 'unset').slice(0, 100)
  return `image ${container}: ${whole(before)} → ${whole(after)}`
}

/** An entry of a ConfigMap; of a file with one changed line, that line. */
function entryPhrase(difference: Difference): string {
  const name = difference.path[1]
  if (name === undefined) return `${difference.path[0]} ${verb(difference)}`
  const { before, after } = difference
  if (before === undefined || after === undefined) return `key ${name} ${verb(difference)}`
  if (difference.path[0] === 'binaryData') return `key ${name} changed`
  const shown = arrow(name, before, after)
  if (shown !== null) return `${name} ${shown}`
  const line = changedLine(String(before), String(after))
  if (line === null) return `key ${name} changed`
  const quoted = arrow(`${name} ${line.before} ${line.after}`, line.before, line.after)
  return quoted === null ? `key ${name} changed` : `key ${name}: ${quoted}`
}

/** The one line in which two texts of equally many lines differ; null when it is not one. */
function changedLine(before: string, after: string): { before: string; after: string } | null {
  if (before.length > 65_536 || after.length > 65_536) return null
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  if (old.length < 2 || old.length !== fresh.length) return null
  const changed = old.flatMap((line, i) => (line === fresh[i] ? [] : [i]))
  const [at] = changed
  if (at === undefined || changed.length > 1) return null
  return { before: (old[at] ?? '').trim(), after: (fresh[at] ?? '').trim() }
}

/** Labels, annotations, finalizers, owners, a deletion that was asked for. */
export function metadataPhrase(difference: Difference): string | null {
  const [, field, name] = difference.path
  if (difference.path[0] === 'apiVersion')
    return `stored as ${String(difference.after)}, was ${String(difference.before)}`
  if (field === 'deletionTimestamp') return 'deletion requested'
  if (field === 'deletionGracePeriodSeconds') return null
  if (field === 'finalizers') return finalizerPhrase(difference)
  if (field === 'ownerReferences') return `owner ${verb(difference)}`
  if (field === 'labels' || field === 'annotations') {
    const noun = field.slice(0, -1)
    return name === undefined ? `${field} ${verb(difference)}` : metadataEntry(noun, name, difference)
  }
  return named(dotted(difference.path.slice(1)), difference)
}

function metadataEntry(noun: string, name: string, difference: Difference): string {
  if (difference.before !== undefined && difference.after !== undefined) return named(`${noun} ${name}`, difference)
  return `${noun} ${name} ${verb(difference)}`
}

function finalizerPhrase({ before, after }: Difference): string {
  if (after === undefined) return `finalizer ${String(before)} removed`
  return before === undefined ? `finalizer ${String(after)} added` : `finalizer ${String(before)} → ${String(after)}`
}

/** Times, ids and texts that accompany a change of state and are none of their own. */
const companions =
  /(Time|Timestamp|At|ID|IDs|IP|IPs|message|lastTimestamp|observedGeneration|resourceVersion|lastState|resizePolicy)$/

/** Null for what says nothing on its own. */
export function statusPhrase(difference: Difference): string | null {
  const [, list, element, ...rest] = difference.path
  const last = difference.path[difference.path.length - 1] ?? ''
  if (list === 'conditions' && element !== undefined) return conditionPhrase(difference, bare(element), rest)
  if (companions.test(last)) return null
  if (/[cC]ontainerStatuses$/.test(list ?? '') && element !== undefined) {
    return containerStatusPhrase(difference, bare(element), rest)
  }
  return named(dotted(difference.path.slice(difference.path.length > 1 ? 1 : 0)), difference)
}

/** Steps on the way to a pod's Ready, which is told itself. */
const stepConditions = new Set(['ContainersReady', 'Initialized', 'PodReadyToStartContainers'])

function conditionPhrase({ before, after }: Difference, type: string, rest: readonly string[]): string | null {
  if (stepConditions.has(type)) return null
  if (rest.length === 0) {
    const state = (condition: unknown) => String((condition as { status?: unknown } | undefined)?.status ?? '')
    return after === undefined ? `condition ${type} removed` : `condition ${type} ${state(after)}`
  }
  if (rest[0] === 'status') return `condition ${type} ${quote(before)} → ${quote(after)}`
  return rest[0] === 'reason' && after !== undefined ? `${type}: ${quote(after) ?? 'changed'}` : null
}

function containerStatusPhrase(difference: Difference, name: string, rest: readonly string[]): string | null {
  const { after } = difference
  const field = dotted(rest)
  if (field === 'ready') return after === true ? `${name} ready` : `${name} not ready`
  if (field === 'restartCount') return `${name} restarts ${quote(difference.before)} → ${quote(after)}`
  if (field === 'state.waiting.reason') return after === undefined ? null : `${name} waiting: ${quote(after)}`
  const state = /^state\.(waiting|running|terminated)$/.exec(field)?.[1]
  if (state === undefined || after === undefined) return null
  const reason = quote((after as { reason?: unknown }).reason)
  return reason === null || reason === 'unset' ? `${name} ${state}` : `${name} ${state}: ${reason}`
}
