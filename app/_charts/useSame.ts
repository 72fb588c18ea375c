'use client'

import { useState } from 'react'

/**
 * The earlier value as long as a new one says the same: what is computed from an answer that is asked for each
 * second must not redraw every chart each second. For small plain data only, it is compared as text.
 */
export function useSame<T>(value: T): T {
  const text = JSON.stringify(value)
  const [kept, keep] = useState({ text, value })
  if (kept.text === text) return kept.value
  keep({ text, value })
  return value
}
