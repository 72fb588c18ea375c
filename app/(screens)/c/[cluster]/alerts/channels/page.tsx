import { ChannelsScreen } from './ChannelsScreen'

export default async function ChannelsPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  return <ChannelsScreen cluster={decodeURIComponent(cluster)} />
}
