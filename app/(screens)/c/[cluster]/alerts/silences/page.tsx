import { SilencesScreen } from './SilencesScreen'

export default async function SilencesPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <SilencesScreen cluster={decodeURIComponent(cluster)} />
}
