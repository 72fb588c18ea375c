import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import path from 'node:path'
import type { Certificates } from './etcdCertificates'
import { until } from './until'

/** One etcd process. It is killed at the latest when the process that started it ends. */

interface EtcdMemberOptions {
  readonly name: string
  readonly endpoint: string
  readonly peerUrl: string
  /** Where the other members reach it: a proxy, or `peerUrl` itself. */
  readonly peerUrlForOthers: string
  readonly binary: string
  readonly folder: string
  readonly args: readonly string[]
  readonly certificates: Certificates | null
}

export class EtcdMember {
  readonly name: string
  readonly endpoint: string
  readonly peerUrl: string
  readonly peerUrlForOthers: string
  readonly dataDir: string
  readonly logFile: string
  readonly #options: EtcdMemberOptions
  #child: ChildProcess | null = null
  #extraArgs: readonly string[] = []
  readonly #killAtExit = () => this.#child?.kill('SIGKILL')

  constructor(options: EtcdMemberOptions) {
    this.#options = options
    this.name = options.name
    this.endpoint = options.endpoint
    this.peerUrl = options.peerUrl
    this.peerUrlForOthers = options.peerUrlForOthers
    this.dataDir = path.join(options.folder, `${options.name}.etcd`)
    this.logFile = path.join(options.folder, `${options.name}.log`)
  }

  /** Null while the member is down. */
  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Starts the process and waits until it answers as healthy. */
  async start(extraArgs: readonly string[] = this.#extraArgs): Promise<void> {
    this.spawn(extraArgs)
    await this.waitHealthy()
  }

  /** Starts the process without waiting. */
  spawn(extraArgs: readonly string[] = this.#extraArgs): void {
    if (this.#child) throw new Error(`${this.name} runs already`)
    this.#extraArgs = extraArgs
    const { binary, args } = this.#options
    const log = openSync(this.logFile, 'a')
    const flags = [
      ['--name', this.name],
      ['--data-dir', this.dataDir],
      ['--listen-client-urls', this.endpoint],
      ['--advertise-client-urls', this.endpoint],
      ['--listen-peer-urls', this.peerUrl],
      ['--initial-advertise-peer-urls', this.peerUrlForOthers],
      ['--logger', 'zap'],
    ].flat()
    const child = spawn(binary, [...flags, ...args, ...extraArgs], { stdio: ['ignore', log, log] })
    closeSync(log)
    this.#child = child
    process.on('exit', this.#killAtExit)
    const gone = () => {
      process.off('exit', this.#killAtExit)
      if (this.#child === child) this.#child = null
    }
    child.once('exit', gone)
    child.once('error', gone)
  }

  async waitHealthy(): Promise<void> {
    try {
      await until(
        `${this.name} to be healthy`,
        async () => {
          if (!this.#child) throw new Error(`${this.name} ended`)
          return await this.#healthy()
        },
        20_000,
      )
    } catch (error) {
      const log = await readFile(this.logFile, 'utf8').catch(() => '')
      throw new Error(`${sentence(error)}\n${log.split('\n').slice(-8).join('\n')}`)
    }
  }

  /** SIGKILL and SIGTERM resolve once the process is gone; SIGSTOP and SIGCONT at once. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (!child) return
    const ends = signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT'
    const gone = ends ? new Promise((resolve) => child.once('exit', resolve)) : null
    child.kill(signal)
    await gone
  }

  stop(): Promise<void> {
    return this.kill('SIGTERM')
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  #healthy(): Promise<boolean> {
    const { certificates, endpoint } = this.#options
    const tls = certificates && { ca: certificates.ca, cert: certificates.clientCert, key: certificates.clientKey }
    const request = tls ? httpsRequest : httpRequest
    return new Promise((resolve) => {
      const ask = request(`${endpoint}/health`, { ...tls, timeout: 1000, agent: false }, (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode === 200))
      })
      ask.once('timeout', () => ask.destroy())
      ask.once('error', () => resolve(false))
      ask.end()
    })
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
