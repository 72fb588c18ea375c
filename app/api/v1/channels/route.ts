import { channels, createChannel } from '../../../../lib/alerts/answers/channels'
import { on, routesOf } from '../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({
  GET: on('channels', channels),
  POST: on('createChannel', createChannel),
})
