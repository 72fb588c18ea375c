import type { Client, Metadata, ServiceError } from '@grpc/grpc-js'
import { status as grpcStatus } from '@grpc/grpc-js'
import { ScopeError } from '../core/errors'
import { decodeWatchResponse, encodeWatchRequest, type WatchRequest, type WatchResponse } from './wire/watch'

/** One raw watch stream of one member: requests out, responses in, back-pressure, one end. */

export interface WatchHandlers {
  onResponse(response: WatchResponse): void
  /** Called once, whoever ended the stream, except after `close`. */
  onEnd(error: ScopeError): void
}

export interface WatchStream {
  send(request: WatchRequest): void
  /** Stops reading: HTTP/2 flow control then stops the member. A few messages already on the way still come. */
  pause(): void
  resume(): void
  readonly paused: boolean
  close(): void
}

interface StreamParts extends WatchHandlers {
  explain(error: Pick<ServiceError, 'code' | 'details'>): Promise<ScopeError>
}

export function openWatchStream(client: Client, metadata: Metadata, parts: StreamParts): WatchStream {
  // Without it a member that is cut off from the cluster keeps the stream open and silent.
  metadata.set('hasleader', 'true')
  const call = client.makeBidiStreamRequest(
    '/etcdserverpb.Watch/Watch',
    encodeWatchRequest,
    decodeWatchResponse,
    metadata,
  )
  let ended = false
  const end = (error: Pick<ServiceError, 'code' | 'details'>) => {
    if (ended) return
    ended = true
    parts.explain(error).then(parts.onEnd, (cause: unknown) => {
      parts.onEnd(new ScopeError('INTERNAL', 'The end of a watch stream could not be explained.', { cause }))
    })
  }
  call.on('data', (response: WatchResponse) => {
    if (!ended) parts.onResponse(response)
  })
  call.on('error', (error: Partial<ServiceError> & Error) => {
    end({ code: error.code ?? grpcStatus.UNKNOWN, details: error.details ?? error.message })
  })
  call.on('end', () => end({ code: grpcStatus.UNAVAILABLE, details: 'the server ended the stream' }))
  return {
    send: (request) => {
      if (!ended) call.write(request)
    },
    pause: () => call.pause(),
    resume: () => call.resume(),
    get paused() {
      return call.isPaused()
    },
    close: () => {
      ended = true
      call.cancel()
    },
  }
}
