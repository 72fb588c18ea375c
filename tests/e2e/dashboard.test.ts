import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/axe'
import { launchBrowser, watchErrors } from '../support/browser'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { type Product, startProduct } from '../support/product'
import { until } from '../support/until'

/** The built product on a real three-member etcd, seen through Chromium. */

let etcd: EtcdCluster
let product: Product
let browser: Browser

beforeAll(async () => {
  etcd = await startEtcd({ version: '3.5', members: 3 })
  await etcd.etcdctl('put', '/app/config/payments.json', '{"pool":{"max":9},"mode":"live"}')
  await etcd.etcdctl('put', '/app/config/payments.json', '{"pool":{"max":18},"mode":"live"}')
  for (let i = 0; i < 20; i++) await etcd.etcdctl('put', `/app/items/${i}`, `value ${i}`)
  await etcd.etcdctl('put', '/registry/secrets/shop/login', 'canary-secret-value')
  product = await startProduct({ ETCDCTL_ENDPOINTS: etcd.endpoints.join(',') })
  await until('a live record', async () => {
    const answer = await fetch(`${product.address}/api/v1/health`).then(
      (r) => r.json() as Promise<{ collectors: { state: string }[] }>,
    )
    return answer.collectors[0]?.state === 'live'
  })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await product?.dispose()
  await etcd?.stop()
})

async function openPage(path: string, scheme: 'dark' | 'light' = 'dark'): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: scheme })
  const errors = watchErrors(page)
  await page.goto(`${product.address}${path}`)
  return { page, errors }
}

const screens = [
  { path: '/', title: 'Overview', words: /3 of 3 members healthy/ },
  { path: '/c/default/members', title: 'Members', words: /3 of 3 members healthy, tolerates 1 failure/ },
  { path: '/c/default/revisions', title: 'Revisions', words: /changes\/s/ },
  { path: '/c/default/workloads', title: 'Workloads', words: /No workloads at this moment/ },
  { path: '/c/default/history', title: 'History', words: /app\/items/ },
  { path: '/c/default/keys', title: 'Keys', words: /\d+ keys/ },
  { path: '/c/default/compare?from=2', title: 'Compare', words: /created/ },
  { path: '/c/default/record', title: 'Record', words: /Complete: no gap/ },
  { path: '/c/default/settings', title: 'Settings', words: /Everything is kept/ },
] as const

describe.each(screens)('the screen $title', ({ path, title, words }) => {
  it.each(['dark', 'light'] as const)('answers its question without errors in %s', async (scheme) => {
    const { page, errors } = await openPage(path, scheme)
    await expect(page.getByRole('heading', { level: 1 }).innerText()).resolves.toBe(title)
    await page.locator('main').getByText(words).first().waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  it('has nothing serious for axe to find', async () => {
    const { page } = await openPage(path)
    await page.locator('main').getByText(words).first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.close()
  })

  it('fits a telephone without scrolling sideways', async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 780 } })
    await page.goto(`${product.address}${path}`)
    await page.locator('main').getByText(words).first().waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await page.close()
  })
})

describe('a page that is open', () => {
  it('shows a new change by itself', async () => {
    const { page, errors } = await openPage('/c/default/history?prefix=%2Flive%2F')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await etcd.etcdctl('put', '/live/first', 'x')
    await page.getByText('/live/first').first().waitFor({ timeout: 5_000 })
    expect(errors).toEqual([])
    await page.close()
  })

  it('goes on by itself after the server was restarted', async () => {
    const { page } = await openPage('/c/default/history?prefix=%2Flive%2F')
    await page.getByText('/live/first').first().waitFor()
    expect(await product.stop()).toBe(0)
    await etcd.etcdctl('put', '/live/while-away', 'x')
    await product.start()
    await page.getByText('/live/while-away').first().waitFor({ timeout: 20_000 })
    await etcd.etcdctl('put', '/live/after', 'x')
    await page.getByText('/live/after').first().waitFor({ timeout: 10_000 })
    await page.close()
  })

  it('keeps its range in the address, and the back button undoes', async () => {
    const { page } = await openPage('/c/default/revisions?range=5m')
    await page
      .locator('main')
      .getByText(/changes\/s/)
      .first()
      .waitFor()
    await page.getByRole('radio', { name: 'Manager' }).click()
    await page.waitForURL(/by=manager/)
    await page.goBack()
    await page.waitForURL((url) => !url.search.includes('by='))
    expect(new URL(page.url()).searchParams.get('range')).toBe('5m')
    await page.close()
  })
})

describe('what a value was', () => {
  it('shows the difference of two versions', async () => {
    const { page, errors } = await openPage('/c/default/history/object?key=%2Fapp%2Fconfig%2Fpayments.json')
    const main = page.locator('main')
    await main
      .getByText(/"max": 9/)
      .first()
      .waitFor()
    await main
      .getByText(/"max": 18/)
      .first()
      .waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  it('shows which version last changed each line, and leads to it', async () => {
    const { page, errors } = await openPage('/c/default/history/object?key=%2Fapp%2Fconfig%2Fpayments.json&view=blame')
    const changed = page.locator('.blame .diff-row').filter({ hasText: '"max": 18' })
    await changed.waitFor()
    expect(await changed.getByRole('link').count()).toBe(1)
    await changed.getByRole('link').click()
    await page
      .locator('main')
      .getByText(/"max": 9/)
      .first()
      .waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  it('compares the keyspace at two moments, and leads to the object', async () => {
    // Revision 2 wrote the first version; the second, the items and the secret came after it.
    const { page, errors } = await openPage('/c/default/compare?from=2&prefix=%2Fapp%2F')
    const main = page.locator('main')
    await main.getByText(/20 created, 1 changed/).waitFor()
    const row = main.getByRole('row').filter({ hasText: 'payments.json' })
    await row.getByText(/pool\.max 9/).waitFor()
    await row.click()
    await main
      .getByText(/"max": 18/)
      .first()
      .waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  it('hands out a moment as a file, without a secret in it', async () => {
    const { page } = await openPage('/c/default/keys')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('group', { name: 'Export' }).first().getByRole('link', { name: 'NDJSON' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.ndjson$/)
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n')
    const keys = lines.map((line) => (JSON.parse(line) as { key?: string }).key)
    expect(keys).toContain('/app/config/payments.json')
    await page.close()
    for (const format of ['ndjson', 'yaml']) {
      const whole = await fetch(`${product.address}/api/v1/clusters/default/export?format=${format}`).then((r) =>
        r.text(),
      )
      expect(whole).toContain('login')
      expect(whole).not.toContain('canary-secret-value')
    }
  })

  it('proves the record on request, and finds a head of earlier again', async () => {
    const { page, errors } = await openPage('/c/default/record')
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText(/Nothing altered, nothing missing/).waitFor()
    const head = await page.locator('.proof-value code').innerText()
    await page.getByRole('textbox', { name: /written down earlier/ }).fill(head)
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText(/still in the chain/).waitFor()
    await page.getByRole('textbox', { name: /written down earlier/ }).fill('0'.repeat(64))
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText(/does not hold the head/).waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  it('never shows a secret, on no page and in no answer', async () => {
    const { page } = await openPage('/c/default/keys?key=%2Fregistry%2Fsecrets%2Fshop%2Flogin')
    await page
      .locator('main')
      .getByText(/redacted/)
      .first()
      .waitFor()
    expect(await page.content()).not.toContain('canary-secret-value')
    const value = await fetch(`${product.address}/api/v1/clusters/default/value?key=/registry/secrets/shop/login`)
    expect(await value.text()).not.toContain('canary-secret-value')
    for (const suffix of ['', '-wal']) {
      const file = await readFile(`${product.databaseUrl.replace('file:', '')}${suffix}`)
      expect(file.includes('canary-secret-value')).toBe(false)
    }
    expect(product.output.join('\n')).not.toContain('canary-secret-value')
    await page.close()
  })
})
