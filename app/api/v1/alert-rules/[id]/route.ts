import { alertRule, changeAlertRule, deleteAlertRule } from '../../../../../lib/alerts/answers/alertRules'
import { on, routesOf } from '../../../_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = routesOf({
  GET: on('alertRule', alertRule),
  PUT: on('changeAlertRule', changeAlertRule),
  DELETE: on('deleteAlertRule', deleteAlertRule),
})
