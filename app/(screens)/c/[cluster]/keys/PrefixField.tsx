'use client'

import { useEffect, useRef, useState } from 'react'
import { IconButton } from '../../../../_ui/Button'
import { Icon } from '../../../../_ui/Icon'

/** Typing rests this long before the server is asked. */
const REST_MS = 200

interface PrefixFieldProps {
  readonly prefix: string
  readonly onPrefix: (prefix: string, entry?: 'push' | 'replace') => void
}

/** Keys that begin with what is typed; the address follows once typing rests. */
export function PrefixField({ prefix, onPrefix }: PrefixFieldProps) {
  const [typed, setTyped] = useState(prefix)
  const sent = useRef(prefix)
  // The address changed by other means: back button, "only this branch".
  useEffect(() => {
    if (prefix === sent.current) return
    sent.current = prefix
    setTyped(prefix)
  }, [prefix])
  const send = useRef(onPrefix)
  send.current = onPrefix
  useEffect(() => {
    if (typed === sent.current) return
    const timer = setTimeout(() => {
      sent.current = typed
      send.current(typed, 'replace')
    }, REST_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <span className="field prefix-field">
      <Icon name="filter" size={14} />
      <input
        className="mono"
        value={typed}
        placeholder="Prefix, such as /registry/pods/"
        aria-label="Only keys that begin with"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      {typed !== '' && <IconButton icon="x" label="Show all keys" onClick={() => setTyped('')} />}
    </span>
  )
}
