'use client'

import { Button } from './_ui/Button'

/** The last resort: a screen threw while drawing. The record and the collector are not touched by it. */
export default function ScreenError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="lonely" role="alert">
      <h1>This screen stopped</h1>
      <p className="mid">{error.message}</p>
      <p className="dim">Recording goes on.</p>
      <Button tone="ink" onClick={reset}>
        Draw it again
      </Button>
    </main>
  )
}
