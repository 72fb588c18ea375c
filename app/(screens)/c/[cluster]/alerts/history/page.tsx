import { AlertHistoryScreen } from './AlertHistoryScreen'

export default async function AlertHistoryPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <AlertHistoryScreen cluster={decodeURIComponent(cluster)} />
}
