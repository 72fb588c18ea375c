import { eventStream } from '../../../../lib/live'
import { clusterOf } from '../../../../lib/query/scope'
import { scopeOf } from '../../../../lib/query/serving'
import { rawRouteOf } from '../../_http/routeOf'

export const dynamic = 'force-dynamic'

/** Everything that can fail happens before the stream opens: afterwards the only answer is its end. */
export const { GET, POST, PUT, PATCH, DELETE } = rawRouteOf('stream', async (serving, input, request) => {
  const cluster = input.cluster ?? null
  if (cluster !== null) await clusterOf(scopeOf(serving), cluster)
  const lastEventId = request.headers.get('last-event-id') ?? input.lastEventId ?? null
  const subscription = await serving.live.subscribe({ cluster, lastEventId })
  return new Response(eventStream(subscription, { signal: request.signal }), {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })
})
