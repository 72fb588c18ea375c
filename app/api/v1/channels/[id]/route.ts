import { changeChannel, channel, deleteChannel } from '../../../../../lib/alerts/answers/channels'
import { on, routesOf } from '../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({
  GET: on('channel', channel),
  PUT: on('changeChannel', changeChannel),
  DELETE: on('deleteChannel', deleteChannel),
})
