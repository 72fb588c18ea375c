import { AlertsScreen } from './AlertsScreen'

export default async function AlertsPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <AlertsScreen cluster={decodeURIComponent(cluster)} />
}
