import { podConfig } from '../../../../../../lib/query/podConfig'
import { routeOf } from '../../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routeOf('podConfig', podConfig)
