import { previewRetention } from '../../../../../../../lib/query/retention'
import { on, routesOf } from '../../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({ POST: on('previewRetention', previewRetention) })
