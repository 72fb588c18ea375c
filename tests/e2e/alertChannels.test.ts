import { readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/axe'
import { launchBrowser, watchErrors } from '../support/browser'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { type Product, startProduct } from '../support/product'
import { until } from '../support/until'

/** Channels and silences through Chromium, on the built product, with a real etcd and a receiver on loopback. */

interface Told {
  readonly reason: string
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[]
}

let etcd: EtcdCluster
let product: Product
let browser: Browser
let receiver: Server
let receiverUrl = ''
const received: Told[] = []

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push(JSON.parse(Buffer.concat(chunks).toString('utf8')))
      response.end('ok')
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  etcd = await startEtcd({ version: '3.5', members: 1 })
  product = await startProduct({ ETCDCTL_ENDPOINTS: etcd.endpoints.join(','), ETCDSCOPE_ALLOW_PRIVATE_TARGETS: '1' })
  const rule = {
    name: 'LiveKey',
    measure: { kind: 'changes', where: { prefix: '/live/' }, by: ['key'], windowMs: 600_000 },
    comparison: '>',
    thresholds: [{ severity: 'critical', value: 0 }],
  }
  const made = await fetch(`${product.address}/api/v1/alert-rules`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  })
  expect(made.status).toBe(200)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await product?.dispose()
  await etcd?.stop()
  receiver?.closeAllConnections()
  receiver?.close()
})

async function openPage(place: string, width = 1440): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  const errors = watchErrors(page)
  await page.goto(`${product.address}/c/default/alerts/${place}`)
  await page.getByRole('navigation', { name: 'Alerts' }).waitFor()
  return { page, errors }
}

const firingKeys = () =>
  received.flatMap(({ alerts }) => alerts.flatMap(({ status, labels }) => (status === 'firing' ? [labels.key] : [])))

describe('channels', () => {
  it('are made in a form that shows what is wrong at its field, are tested, and keep their secret', async () => {
    const { page } = await openPage('channels')
    await page.getByRole('button', { name: 'New channel' }).first().click()
    const form = page.getByRole('complementary', { name: 'Channel' })
    await form.getByLabel('Name').fill('on call')
    await form.getByLabel('URL').fill('receiver')
    await form.getByRole('button', { name: 'Create' }).click()
    await form.getByText('give a URL that begins with http').waitFor()
    expect(await form.getByLabel('URL').getAttribute('aria-invalid')).toBe('true')
    await form.getByLabel('URL').fill(receiverUrl)
    await form.getByLabel('Signing secret').fill('canary-signing-secret')
    await form.getByText('Grouping, repeats and words').click()
    await form.getByLabel('Between messages of a group').fill('0 s')
    await form.getByRole('button', { name: 'Create' }).click()
    await form.getByRole('button', { name: 'Send a test to on call' }).click()
    await form.getByText('127.0.0.1 answered 200').waitFor()
    expect(received.map(({ reason }) => reason)).toEqual(['test'])
    expect(await form.getByLabel('Signing secret').inputValue()).toBe('')
    expect(await seriousFindings(page)).toEqual([])
    await page.reload()
    await page.getByText('Reached').first().waitFor()
    expect(await page.content()).not.toContain('canary-signing-secret')
    const folder = path.dirname(product.databaseUrl.slice('file:'.length))
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(path.join(folder, name), 'latin1')))
    expect(files.join('')).toContain('on call')
    expect(files.join('')).not.toContain('canary-signing-secret')
    await page.close()
  })

  it('are told of a change as it happens, and the alert says who was told', async () => {
    await etcd.etcdctl('put', '/live/first', 'x')
    await until('the message', () => firingKeys().includes('/live/first'))
    const told = await until('the alert to say so', async () => {
      const answer = await fetch(`${product.address}/api/v1/alerts?rule=LiveKey`)
      const { items } = (await answer.json()) as { items: { notified: { channel: string; state: string }[] }[] }
      return items[0]?.notified.find(({ state }) => state === 'sent') ?? null
    })
    expect(told.channel).toBe('on call')
  })

  it('fit a telephone without scrolling sideways', async () => {
    const { page, errors } = await openPage('channels?channel=new', 360)
    await page.getByRole('button', { name: 'Create' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    expect(errors).toEqual([])
    await page.close()
  })
})

describe('silences', () => {
  it('begin with the labels of an alert, hold it back, and once they are ended it is told', async () => {
    const labels = encodeURIComponent(JSON.stringify({ alertname: 'LiveKey', key: '/live/second' }))
    const { page } = await openPage(`silences?new=${labels}`)
    const form = page.getByRole('complementary', { name: 'Silence' })
    await form.getByRole('button', { name: 'Silence' }).click()
    await form.getByText('give a').first().waitFor()
    await form.getByLabel('Reason').fill('rack move')
    await form.getByLabel('Your name').fill('ann')
    await form.getByRole('button', { name: 'Silence' }).click()
    await page.getByText('1 silence is in force').waitFor()

    await etcd.etcdctl('put', '/live/second', 'x')
    await page.getByText('1 alert is held back').waitFor()
    await etcd.etcdctl('put', '/live/third', 'x')
    await until('a later one', () => firingKeys().includes('/live/third'))
    expect(firingKeys()).not.toContain('/live/second')
    expect(await seriousFindings(page)).toEqual([])

    await page.getByText('rack move').click()
    await form.getByRole('button', { name: 'End now' }).click()
    await page.getByRole('heading', { name: 'Nothing is silenced' }).waitFor()
    await until('what was held back', () => firingKeys().includes('/live/second'))
    await page.close()
  })
})
