'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Tooltip } from 'radix-ui'
import { type ReactNode, Suspense, useState } from 'react'
import { isWorthRetrying } from './_client/apiProblem'
import { LiveStreamProvider } from './_client/liveStream'

const MAX_RETRIES = 3
const TOOLTIP_DELAY_MS = 200

/** Queries stay fresh until the stream says otherwise; the slow poll is for a browser whose stream is blocked. */
function makeClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < MAX_RETRIES && isWorthRetrying(error),
        retryDelay: (attempt) => Math.min(8000, 500 * 2 ** attempt),
      },
    },
  })
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(makeClient)
  return (
    <QueryClientProvider client={client}>
      <Suspense>
        <LiveStreamProvider>
          <Tooltip.Provider delayDuration={TOOLTIP_DELAY_MS}>{children}</Tooltip.Provider>
        </LiveStreamProvider>
      </Suspense>
    </QueryClientProvider>
  )
}
