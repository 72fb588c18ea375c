import { alertHistory } from '../../../../../lib/alerts/answers/alerts'
import { routeOf } from '../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('alertHistory', alertHistory)
