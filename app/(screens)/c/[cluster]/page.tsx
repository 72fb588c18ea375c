import { redirect } from 'next/navigation'

/** A cluster's first screen is its members. */
export default async function ClusterPage({ params }: { params: Promise<{ cluster: string }> }) {
  const { cluster } = await params
  redirect(`/c/${cluster}/members`)
}
