import { describe, expect, it } from 'vitest'
import { presentValue } from '../../../lib/kubernetes'
import { liveKeysAt, readRecordedHistory, readRecordedLists } from '../../support/recordedHistory'

type Item = { metadata: { uid: string; resourceVersion: string; name: string } } & Record<string, unknown>

/** Not from storage of their own: computed by the apiserver, or the same Events in another group's clothes. */
const computedPaths = ['/api/v1/componentstatuses', '/apis/events.k8s.io/v1/events']
/** Stored as apiextensions.k8s.io/v1beta1 JSON, which the apiserver converts; shown as stored. */
const convertedPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

const events = readRecordedHistory()
const lists = readRecordedLists()
const byRevision = new Map(events.map((event) => [String(event.modRevision), event]))

/** What the events.k8s.io API makes of a core Event. */
function asEventsApi(core: Record<string, unknown>): Record<string, unknown> {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent, ...rest } = core
  const { reportingInstance, apiVersion: _, ...others } = rest
  const sourceText = source as Record<string, unknown>
  return {
    apiVersion: 'events.k8s.io/v1',
    ...others,
    regarding: involvedObject,
    note: message,
    ...(reportingComponent === '' ? {} : { reportingController: reportingComponent }),
    ...(reportingInstance === '' ? {} : { reportingInstance }),
    ...(Object.keys(sourceText).length === 0 ? {} : { deprecatedSource: source }),
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    ...(count === undefined ? {} : { deprecatedCount: count }),
  }
}

/** Drops what both sides may leave out or print as null. */
function compact(value: unknown): unknown {
  const object = value as Record<string, unknown>
  return Object.fromEntries(Object.entries(object).filter(([, v]) => v !== null && v !== '' && !isEmptyObject(v)))
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function present(revision: string) {
  const event = byRevision.get(revision)
  if (event === undefined) throw new Error(`the recording has no revision ${revision}`)
  return presentValue(event.key, event.value, event.modRevision)
}

describe('every stored object decodes to the JSON that the apiserver returned for it', () => {
  const stored = Object.entries(lists).filter(([path]) => !computedPaths.includes(path) && path !== convertedPath)

  it.each(stored)('%s', (_path, list) => {
    const kind = list.kind.replace(/List$/, '')
    for (const item of list.items as Item[]) {
      const presented = present(item.metadata.resourceVersion)
      expect(presented.note).toBeNull()
      expect(presented.object).toStrictEqual({ apiVersion: list.apiVersion, kind, ...item })
    }
  })

  it('counts: 2,951 objects of all kinds, and one CustomResourceDefinition shown as it is stored', () => {
    expect(stored.reduce((sum, [, list]) => sum + list.items.length, 0)).toBe(2952)
    const definition = lists[convertedPath]?.items[0] as Item
    expect(present(definition.metadata.resourceVersion).object).toMatchObject({
      apiVersion: 'apiextensions.k8s.io/v1beta1',
      kind: 'CustomResourceDefinition',
      metadata: definition.metadata,
    })
  })

  it('the Events of events.k8s.io are the same objects under other names', () => {
    for (const item of (lists['/apis/events.k8s.io/v1/events']?.items ?? []) as Item[]) {
      const core = present(item.metadata.resourceVersion).object as Record<string, unknown>
      expect(compact(asEventsApi(core))).toEqual(compact({ apiVersion: 'events.k8s.io/v1', kind: 'Event', ...item }))
    }
  })
})

describe('the whole recorded history', () => {
  it('every put decodes completely', () => {
    const opaque = events
      .filter((e) => e.op === 'put' && e.key.toString() !== 'compact_rev_key')
      .flatMap((e) => {
        const { encoding, note } = presentValue(e.key, e.value, e.modRevision)
        return encoding === 'kubernetes' && note === null ? [] : [`${e.key} ${encoding} ${note}`]
      })
    expect(opaque).toEqual([])
  })

  it('ends with 2,956 live keys', () => {
    expect(liveKeysAt(events, 12001n).size).toBe(2956)
  })
})
