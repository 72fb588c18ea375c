import { createSilence, silences } from '../../../../lib/alerts/answers/silences'
import { on, routesOf } from '../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({
  GET: on('silences', silences),
  POST: on('createSilence', createSilence),
})
