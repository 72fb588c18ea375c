import { testChannel } from '../../../../../../lib/alerts/answers/testChannel'
import { on, routesOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({ POST: on('testChannel', testChannel) })
