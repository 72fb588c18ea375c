import { RecordScreen } from './RecordScreen'

export default async function RecordPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <RecordScreen cluster={decodeURIComponent(cluster)} />
}
