import { HistoryScreen } from './HistoryScreen'

export default async function HistoryPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <HistoryScreen cluster={decodeURIComponent(cluster)} />
}
