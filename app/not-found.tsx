import Link from 'next/link'

export default function NotFound() {
  return (
    <main className="lonely">
      <h1>There is no page at this address</h1>
      <p className="mid">The link may be cut off, or the screen was renamed.</p>
      <Link className="btn" data-tone="plain" href="/">
        Open the overview
      </Link>
    </main>
  )
}
