/** @type {import('next').NextConfig} */
const config = {
  // Native or proto-loading packages stay outside the bundle.
  serverExternalPackages: [
    '@grpc/grpc-js',
    'etcd3',
    'better-sqlite3',
    '@prisma/client',
    '@prisma/adapter-better-sqlite3',
  ],
  // `npm run verify` runs the compiler over everything, tests included; the build need not do it again.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
}

export default config
