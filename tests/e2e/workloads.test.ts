import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/axe'
import { launchBrowser, watchErrors } from '../support/browser'
import { sidewaysOverflow } from '../support/narrowPage'
import { type Product, startProduct } from '../support/product'
import { until } from '../support/until'

/**
 * The screens of workloads in Chromium: on the recorded cluster, imported as an archive, they tell what happened;
 * on the demo, in the same product, a rollout converges while one looks on.
 */

const projectDir = path.resolve(import.meta.dirname, '../..')

let product: Product
let browser: Browser
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-workloads-'))
  const file = path.join(folder, 'snapshot.db')
  await writeFile(file, gunzipSync(await readFile(path.join(projectDir, 'tests/fixtures/kubernetes/snapshot.db.gz'))))
  product = await startProduct({ ETCDSCOPE_DEMO: '1' })
  await promisify(execFile)(
    process.execPath,
    [path.join(projectDir, 'dist/etcdscope.js'), 'import-snapshot', file, '--cluster', 'recorded'],
    { env: { ...process.env, DATABASE_URL: product.databaseUrl } },
  )
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await product?.dispose()
  await rm(folder, { recursive: true, force: true })
})

interface Opened {
  readonly page: Page
  readonly errors: string[]
}

async function openPage(where: string, width = 1440): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: 'dark', timezoneId: 'UTC' })
  const errors = watchErrors(page)
  await page.goto(`${product.address}${where}`)
  return { page, errors }
}

const list = '/c/recorded/workloads'
/** The broken image and the way back, as timeline.json of the recording has them. */
const failedRollout = '/c/recorded/workloads/Deployment/shop-prod/api?range=2026-11-22T11:53:00Z..2026-11-22T11:55:30Z'
/** While the kubelet of one node is away: from 11:56:04 to 11:57:50. */
const whileNodeAway = 'range=2026-11-22T11:55:30Z..2026-11-22T11:57:20Z'

const rowOf = (page: Page, table: string, text: RegExp) =>
  page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: text })

describe('the list of the recorded cluster', () => {
  it('says what is not as it should be, since when and why, worst first', async () => {
    const { page, errors } = await openPage(list)
    await page.getByRole('heading', { name: /6 of 30 workloads were not Current at/ }).waitFor()
    const rows = page.getByRole('table', { name: 'Workloads' }).getByRole('row')
    await rows.filter({ hasText: 'Not Current 6' }).waitFor()
    await rowOf(page, 'Workloads', /shop-staging.*ProgressDeadlineExceeded/).waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  it('tells of the node that failed, and what ran on it', async () => {
    const { page, errors } = await openPage(`${list}?${whileNodeAway}`)
    await page.getByText(/Node not ready: 12 workloads/).waitFor()
    const row = rowOf(page, 'Workloads', /postgres/)
    await row.getByText('InProgress').waitFor()
    expect(await row.innerText()).toMatch(/2 of 3[\s\S]*1 pod on a node that is not ready: ip-10-20-2-21/)
    await row.click()
    await page.waitForURL(/workloads\/StatefulSet\/data\/postgres/)
    await page.getByRole('heading', { name: /InProgress: 2 of 3 available, not converged for 5\d s/ }).waitFor()
    await page.getByText('1 pod on a node that is not ready: ip-10-20-2-21').first().waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  it('is narrowed from the keyboard, and a copied link shows the same', async () => {
    const { page, errors } = await openPage(list)
    await page.getByRole('heading', { name: /6 of 30/ }).waitFor()
    await page.getByRole('radio', { name: 'All 30' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.locator(':focus', { hasText: 'Not Current 6' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/status=notCurrent/)
    await page.getByRole('button', { name: 'Filter' }).focus()
    await page.keyboard.press('Enter')
    await page.getByPlaceholder('Filter by').waitFor()
    await page.keyboard.type('kind')
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name: 'Deployment' }).waitFor()
    await page.keyboard.type('Deploy')
    await page.keyboard.press('Enter')
    await page.waitForURL(/kind=Deployment/)
    await page.keyboard.press('Escape')
    await page.getByText('1 workload listed').waitFor()
    const copied = new URL(page.url())
    const again = await openPage(`${copied.pathname}${copied.search}`)
    await again.page.getByText('1 workload listed').waitFor()
    await rowOf(again.page, 'Workloads', /ProgressDeadlineExceeded/).waitFor()
    await page.goBack()
    await page.waitForURL((url) => !url.search.includes('kind='))
    expect([...errors, ...again.errors]).toEqual([])
    await page.close()
    await again.page.close()
  })

  it('of a moment before the record says so, and leads to the nearest one recorded', async () => {
    const { page } = await openPage(`${list}?range=2026-11-22T10:00:00Z..2026-11-22T10:05:00Z`)
    await page.getByRole('heading', { name: 'Not recorded at this moment' }).waitFor()
    await page.getByRole('button', { name: /^Show / }).click()
    await page.getByRole('heading', { name: /6 of 30 workloads/ }).waitFor()
    await page.close()
  })

  it('sums up by namespace and by kind', async () => {
    const { page, errors } = await openPage(list)
    await rowOf(page, 'Summary by namespace', /shop-prod/).waitFor()
    await page.getByRole('radio', { name: 'By kind' }).click()
    const row = rowOf(page, 'Summary by kind', /StatefulSet/)
    expect(await row.innerText()).toMatch(/of \d+[\s\S]*converged/)
    expect(errors).toEqual([])
    await page.close()
  })
})

describe('a workload of the recorded cluster', () => {
  it('tells the whole story of a rollout that failed and was undone', async () => {
    const { page, errors } = await openPage(failedRollout)
    const broken = rowOf(page, 'Rollouts, newest first', /2\.3\.0 → 2\.4\.0-broken/)
    await broken.getByText('failed').waitFor()
    expect(await broken.innerText()).toMatch(/47 s[\s\S]*8\.5 times the usual[\s\S]*ErrImagePull/)
    await rowOf(page, 'Rollouts, newest first', /2\.4\.0-broken → 2\.3\.0/)
      .getByText('converged')
      .waitFor()
    await broken.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/rollout=4/)
    const card = page.getByRole('region', { name: 'Rollout of generation 4' })
    for (const reason of ['ErrImagePull', 'ImagePullBackOff', 'ProgressDeadlineExceeded'])
      await card.getByText(reason).first().waitFor()
    await page.getByRole('group', { name: 'Pods by phase' }).waitFor()
    await page.locator('.pod-segment[data-phase="waiting"]').first().waitFor()
    await page.getByRole('link', { name: 'What it changed, in History' }).click()
    await page
      .locator('main')
      .getByText(/2\.4\.0-broken/)
      .first()
      .waitFor()
    await page.getByRole('link', { name: 'Workload', exact: true }).click()
    await page.waitForURL(/workloads\/Deployment\/shop-prod\/api/)
    expect(errors).toEqual([])
    await page.close()
  })

  it('keeps in its address what is selected', async () => {
    const { page, errors } = await openPage(`${failedRollout}&rollout=4&events=warnings`)
    await page.getByRole('region', { name: 'Rollout of generation 4' }).waitFor()
    expect(await page.getByRole('button', { name: /warnings$/, pressed: true }).count()).toBe(1)
    await page.getByRole('button', { name: 'Close' }).click()
    await page.waitForURL((url) => !url.search.includes('rollout='))
    expect(errors).toEqual([])
    await page.close()
  })

  it('that is not recorded is a fact, not a failure', async () => {
    const { page } = await openPage('/c/recorded/workloads/Deployment/shop-prod/never-was')
    await page.getByText('No such workload is recorded').waitFor()
    await page.close()
  })
})

describe.each([
  { name: 'the list', where: list, words: /6 of 30 workloads/ },
  { name: 'a workload', where: `${failedRollout}&rollout=4`, words: /Current: 5 of 5 available/ },
])('$name', ({ where, words }) => {
  it('has nothing serious for axe to find, and fits a telephone', async () => {
    const { page } = await openPage(where)
    await page.getByRole('heading', { name: words }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0)
    await page.close()
  })
})

describe('the demo', () => {
  it('shows a rollout converge while one looks on', async () => {
    const { page, errors } = await openPage('/c/demo/workloads?range=5m&kind=Deployment')
    await page.getByRole('heading', { name: /Current/ }).waitFor()
    const states = () =>
      page
        .getByRole('table', { name: 'Workloads' })
        .getByRole('row')
        .evaluateAll((rows) =>
          rows.flatMap((row) => {
            const [status, name] = [...row.querySelectorAll('[role=cell]')].map((cell) => cell.textContent ?? '')
            return status !== undefined && name !== undefined ? [{ status, name }] : []
          }),
        )
    const seen = new Set<string>()
    const converged = await until(
      'a workload to leave InProgress for Current',
      async () => {
        const now = await states()
        for (const { status, name } of now) if (status === 'InProgress') seen.add(name)
        return now.find(({ status, name }) => status === 'Current' && seen.has(name))?.name ?? null
      },
      90_000,
    )
    await rowOf(page, 'Workloads', new RegExp(converged.replace('Deployment', '')))
      .getByRole('link')
      .click()
    await page.getByRole('heading', { name: /^Current: \d of \d available/ }).waitFor()
    await rowOf(page, 'Rollouts, newest first', /converged/)
      .first()
      .waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  it('is found through Ctrl K, and counted in the overview', async () => {
    const { page, errors } = await openPage('/')
    await page
      .getByRole('link', { name: /Current/ })
      .first()
      .waitFor()
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder(/workload/).fill('node-exporter')
    await page
      .getByRole('option', { name: /node-exporter DaemonSet/ })
      .first()
      .click()
    await page.waitForURL(/workloads\/DaemonSet\//)
    await page.getByRole('heading', { name: /available/ }).waitFor()
    expect(errors).toEqual([])
    await page.close()
  })
})
