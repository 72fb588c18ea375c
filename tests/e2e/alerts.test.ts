import { createServer, type Server } from 'node:http'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/axe'
import { launchBrowser, watchErrors } from '../support/browser'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { sidewaysOverflow } from '../support/narrowPage'
import { type Product, startProduct } from '../support/product'
import { until } from '../support/until'

/** Rules, alerts and channels as a person meets them: the built product on a real etcd, seen through Chromium. */

let etcd: EtcdCluster
let product: Product
let browser: Browser
let receiver: Server
const received: { body: unknown; key: string | undefined }[] = []

beforeAll(async () => {
  etcd = await startEtcd({ version: '3.5', members: 1 })
  receiver = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    request.on('end', () => {
      received.push({ body: JSON.parse(text), key: request.headers['idempotency-key']?.toString() })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  product = await startProduct({
    ETCDCTL_ENDPOINTS: etcd.endpoints.join(','),
    ETCDSCOPE_ALLOW_PRIVATE_TARGETS: '1',
  })
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
  receiver?.close()
})

async function openPage(path: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' })
  const errors = watchErrors(page)
  await page.goto(`${product.address}${path}`)
  return { page, errors }
}

const screens = [
  { path: '/c/default/alerts', words: /alerts? fires? on default|No alert fires on default/ },
  { path: '/c/default/alerts/rules', words: /etcdInsufficientMembers/ },
  { path: '/c/default/alerts/rules/new', words: /Would (not )?have fired/ },
  { path: '/c/default/alerts/silences', words: /silence/i },
  { path: '/c/default/alerts/channels', words: /channel/i },
  { path: '/c/default/alerts/history', words: /History/ },
] as const

describe.each(screens)('the screen $path', ({ path, words }) => {
  it('stands without errors, has nothing serious for axe, and fits a telephone', async () => {
    const { page, errors } = await openPage(path)
    await page.locator('main').getByText(words).first().waitFor()
    expect(errors).toEqual([])
    expect(await seriousFindings(page)).toEqual([])
    expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0)
    await page.close()
  })
})

describe('a rule of one’s own', () => {
  it('is written as a sentence, tried on what was measured, and its threshold moves by keyboard', async () => {
    const { page, errors } = await openPage('/c/default/alerts/rules/new?back=1h')
    await page.getByRole('combobox', { name: 'Metric' }).fill('etcd_debugging_mvcc_keys_total')
    await page.getByRole('combobox', { name: 'Aggregation over the window' }).click()
    await page.getByRole('option', { name: 'last', exact: true }).click()
    const threshold = page.getByRole('textbox', { name: 'Threshold', exact: true })
    await threshold.fill('100000')
    await page.getByText('Would not have fired in the last hour').waitFor()
    // Below every number of keys there is: it fires as soon as it was measured for long enough.
    await page.getByRole('textbox', { name: 'How long it must hold' }).fill('0')
    await threshold.fill('-1')
    await page.getByText(/Would have fired .* in the last hour/).waitFor()
    await threshold.fill('10')
    const handle = page.getByRole('slider', { name: 'Threshold, warning' })
    const before = await threshold.inputValue()
    await handle.focus()
    await handle.press('Shift+ArrowUp')
    expect(await threshold.inputValue()).not.toBe(before)
    // On the way the rule asked for a quantile of a gauge, which is refused and said so on the page.
    expect(errors.filter((error) => !error.includes('400 (Bad Request)'))).toEqual([])
    await page.close()
  })

  it('is refused at the field that is wrong, and nothing is saved', async () => {
    const { page } = await openPage('/c/default/alerts/rules/new')
    await page.getByRole('combobox', { name: 'Metric' }).fill('etcd_no_such_metric')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Of nothing')
    await page.getByRole('button', { name: 'Save rule' }).click()
    await page.locator('.rule-problem').waitFor()
    expect(await page.locator('.rule-problem').innerText()).toContain('etcd_no_such_metric')
    const rules = await fetch(`${product.address}/api/v1/alert-rules`).then((r) => r.text())
    expect(rules).not.toContain('Of nothing')
    await page.close()
  })

  it('fires at once when the configuration that it names changes, and can be acknowledged', async () => {
    const { page, errors } = await openPage('/c/default/alerts/rules/new')
    await page.getByRole('radio', { name: 'An expression' }).click()
    await page
      .getByRole('textbox', { name: 'Expression, as JSON' })
      .fill('{"op":"changes","where":{"prefix":"/app/config/"},"windowMs":60000}')
    await page.getByRole('textbox', { name: 'Threshold', exact: true }).fill('0')
    await page.getByRole('textbox', { name: 'How long it must hold' }).fill('0')
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Configuration touched')
    await page.getByRole('button', { name: 'Save rule' }).click()
    await page.waitForURL((url) => !url.pathname.endsWith('/new'))
    await page.goto(`${product.address}/c/default/alerts`)
    await page
      .locator('main')
      .getByText(/fires? on default/)
      .waitFor()
    await etcd.etcdctl('put', '/app/config/payments', 'pool=9')
    const alert = page.getByRole('listitem').filter({ hasText: 'Configuration touched' }).first()
    await alert.waitFor({ timeout: 10_000 })
    await alert.getByRole('button', { name: 'Acknowledge' }).click()
    await alert.getByRole('textbox', { name: 'Your name' }).fill('ana')
    await alert.getByRole('textbox', { name: 'Note' }).fill('expected')
    await alert.getByRole('button', { name: 'Acknowledge' }).last().click()
    await alert.getByText(/acknowledged by ana .*: expected/).waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  it('of the built-in ones can be edited and brought back', async () => {
    const { page } = await openPage('/c/default/alerts/rules')
    await page.getByRole('searchbox', { name: 'Find a rule' }).fill('etcdNoLeader')
    await page.getByRole('link', { name: 'etcdNoLeader' }).click()
    await page.getByRole('textbox', { name: 'How long it must hold' }).first().fill('2 min')
    await page.getByRole('button', { name: 'Save rule' }).click()
    const reset = page.getByRole('button', { name: /Back to the original/ })
    await reset.click()
    await reset.click()
    await page.waitForURL(/alerts\/rules(\?|$)/)
    const rules = await fetch(`${product.address}/api/v1/alert-rules`).then(
      (r) => r.json() as Promise<{ items: { name: string; modified: boolean }[] }>,
    )
    expect(rules.items.find(({ name }) => name === 'etcdNoLeader')?.modified).toBe(false)
    await page.close()
  })
})
