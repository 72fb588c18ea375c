import { changeSilence, deleteSilence, silence } from '../../../../../lib/alerts/answers/silences'
import { on, routesOf } from '../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({
  GET: on('silence', silence),
  PUT: on('changeSilence', changeSilence),
  DELETE: on('deleteSilence', deleteSilence),
})
