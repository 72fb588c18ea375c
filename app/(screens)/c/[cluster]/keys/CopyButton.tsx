'use client'

import { useEffect, useState } from 'react'
import { Button } from '../../../../_ui/Button'

const SAID_MS = 1500

/** Says for a moment that it copied, or that the browser did not let it. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [said, setSaid] = useState<string | null>(null)
  useEffect(() => {
    if (said === null) return
    const timer = setTimeout(() => setSaid(null), SAID_MS)
    return () => clearTimeout(timer)
  }, [said])
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => setSaid('Copied'),
      () => setSaid('Not allowed'),
    )
  }
  return (
    <Button icon={said === 'Copied' ? 'check' : 'copy'} className="copy-button" onClick={copy}>
      <span aria-live="polite">{said ?? label}</span>
    </Button>
  )
}
