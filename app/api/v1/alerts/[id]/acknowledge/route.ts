import { acknowledgeAlert } from '../../../../../../lib/alerts/answers/alerts'
import { on, routesOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({ POST: on('acknowledgeAlert', acknowledgeAlert) })
