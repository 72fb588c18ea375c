'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { parseUrlState, type UrlState, urlStateParams, withParams } from './urlState'

type Entry = 'push' | 'replace'

/**
 * Writes parameters into the address without a round trip to the server. `push` makes a step that the back button
 * undoes (zoom, range, opening something); `replace` is for what nobody wants to step back through (typing).
 */
export function writeParams(changes: Readonly<Record<string, string | null>>, entry: Entry): void {
  const current = new URLSearchParams(window.location.search)
  const next = withParams(current, changes).toString()
  if (next === current.toString()) return
  const url = `${window.location.pathname}${next === '' ? '' : `?${next}`}${window.location.hash}`
  // Next follows native history calls: useSearchParams re-renders.
  if (entry === 'push') window.history.pushState(null, '', url)
  else window.history.replaceState(null, '', url)
}

/** Range, zoom, axis and pause from the address, and the way to change them. */
export function useUrlState(): readonly [UrlState, (change: Partial<UrlState>, entry?: Entry) => void] {
  const params = useSearchParams()
  const text = params.toString()
  const state = useMemo(() => parseUrlState(new URLSearchParams(text)), [text])
  const update = useCallback((change: Partial<UrlState>, entry: Entry = 'push') => {
    const now = parseUrlState(new URLSearchParams(window.location.search))
    writeParams(urlStateParams({ ...now, ...change }), entry)
  }, [])
  return [state, update]
}

/** One text parameter of a screen: a filter, a selection, an open panel. Null when absent. */
export function useUrlParam(name: string): readonly [string | null, (value: string | null, entry?: Entry) => void] {
  const value = useSearchParams().get(name)
  const set = useCallback((next: string | null, entry: Entry = 'push') => writeParams({ [name]: next }, entry), [name])
  return [value, set]
}

/** A list in one parameter, comma-separated; commas inside an item are escaped. */
export function useUrlList(
  name: string,
): readonly [readonly string[], (items: readonly string[], entry?: Entry) => void] {
  const [text, setText] = useUrlParam(name)
  const items = useMemo(
    () => (text === null || text === '' ? [] : text.split(',').map(decodeURIComponentSafely)),
    [text],
  )
  const set = useCallback(
    (next: readonly string[], entry: Entry = 'push') =>
      setText(
        next.length === 0 ? null : next.map((item) => item.replaceAll('%', '%25').replaceAll(',', '%2C')).join(','),
        entry,
      ),
    [setText],
  )
  return [items, set]
}

/** A hand-made link may hold a broken escape; then the text stands for itself. */
function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The parameters that stay when one moves to another screen: what and when, not which filter. */
export function useSharedSearch(): string {
  const params = useSearchParams()
  return useMemo(() => {
    const shared = new URLSearchParams()
    for (const name of ['range', 'zoom', 'axis', 'paused']) {
      const value = params.get(name)
      if (value !== null) shared.set(name, value)
    }
    const text = shared.toString()
    return text === '' ? '' : `?${text}`
  }, [params])
}
