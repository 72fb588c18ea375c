import { KeysScreen } from './KeysScreen'

export default async function KeysPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <KeysScreen cluster={decodeURIComponent(cluster)} />
}
