import { retention, setRetention } from '../../../../../../lib/query/retention'
import { on, routesOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({
  GET: on('retention', retention),
  PUT: on('setRetention', setRetention),
})
