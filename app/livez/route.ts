import { textAnswer } from '../api/_http/answers'
import { checked } from '../api/_http/routeOf'

export const dynamic = 'force-dynamic'
export const { GET, POST, PUT, PATCH, DELETE } = checked('livez', async () => textAnswer('ok\n'))
