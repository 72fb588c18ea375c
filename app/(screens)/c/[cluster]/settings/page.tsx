import { SettingsScreen } from './SettingsScreen'

export default async function SettingsPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <SettingsScreen cluster={decodeURIComponent(cluster)} />
}
