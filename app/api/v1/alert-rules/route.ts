import { alertRules, createAlertRule } from '../../../../lib/alerts/answers/alertRules'
import { on, routesOf } from '../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({
  GET: on('alertRules', alertRules),
  POST: on('createAlertRule', createAlertRule),
})
