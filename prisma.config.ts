import { defineConfig } from 'prisma/config'

/**
 * For Prisma's own command line only (`npx prisma generate`, `npx prisma migrate status`): the application applies
 * its migrations itself when it starts. Generating needs no database.
 */
export default defineConfig({
  schema: 'prisma/sqlite/schema.prisma',
  migrations: { path: 'prisma/sqlite/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'file:./data/etcdscope.db' },
})
