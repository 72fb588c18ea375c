import { RulesScreen } from './RulesScreen'

export default async function RulesPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <RulesScreen cluster={decodeURIComponent(cluster)} />
}
