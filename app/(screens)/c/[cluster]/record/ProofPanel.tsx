'use client'

import Link from 'next/link'
import { useState } from 'react'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { Button } from '../../../../_ui/Button'
import { Count, Duration } from '../../../../_ui/Figures'
import { Panel } from '../../../../_ui/Panel'
import { FailedState } from '../../../../_ui/States'
import { StatusMark } from '../../../../_ui/StatusMark'
import { objectHref } from '../history/object/objectHref'
import { CopyButton } from '../keys/CopyButton'
import { isHead, proofSentence, type VerifyAnswer } from './prepareRecord'
import { type Check, useCheck } from './useCheck'

/** Walks the hash chain and the coverage on request: it reads the whole record, so nothing starts it by itself. */
export function ProofPanel({ cluster }: { cluster: string }) {
  const check = useCheck(cluster)
  const [head, setHead] = useState('')
  const asked = head.trim()
  const bad = asked !== '' && !isHead(asked)
  return (
    <Panel title="Proof" note="the hash chain over every stored change, recomputed from the rows">
      <form
        className="proof-ask"
        onSubmit={(event) => {
          event.preventDefault()
          if (!bad) check.start(asked)
        }}
      >
        <label className="proof-head">
          <span>A head that was written down earlier, if there is one</span>
          <span className="field">
            <input
              value={head}
              onChange={(event) => setHead(event.target.value)}
              placeholder="64 hexadecimal digits"
              spellCheck={false}
              autoComplete="off"
              aria-invalid={bad}
              aria-describedby={bad ? 'proof-head-problem' : undefined}
            />
          </span>
          {bad && (
            <small id="proof-head-problem" className="proof-problem">
              A head has 64 hexadecimal digits; this has {asked.length} characters.
            </small>
          )}
        </label>
        {check.state === 'running' ? (
          <Button onClick={check.cancel}>Cancel</Button>
        ) : (
          <Button type="submit" tone="ink" icon="check" disabled={bad}>
            Verify
          </Button>
        )}
      </form>
      <Outcome cluster={cluster} check={check} />
    </Panel>
  )
}

function Outcome({ cluster, check }: { cluster: string; check: Check }) {
  if (check.state === 'running') {
    return (
      <p className="proof-outcome" role="status">
        <StatusMark tone="progress" /> Reading every change, for <Duration ms={check.elapsedMs} /> so far. The pages
        stay usable meanwhile.
      </p>
    )
  }
  if (check.state === 'failed') return <FailedState title="The record could not be checked" error={check.error} />
  if (check.state !== 'done') return null
  return <Answer cluster={cluster} answer={check.answer} asked={check.asked} />
}

function Answer({ cluster, answer, asked }: { cluster: string; answer: VerifyAnswer; asked: boolean }) {
  const shared = useSharedSearch()
  const { tone, sentence } = proofSentence(answer, asked)
  const key = answer.firstBad?.key
  return (
    <>
      <p className="proof-outcome" role="status">
        <StatusMark tone={tone} /> <b>{sentence}</b>
        {key !== undefined && (
          <Link className="link" href={objectHref(cluster, { key }, {}, shared)}>
            Open the key
          </Link>
        )}
      </p>
      <dl className="kv">
        <dt>Head</dt>
        <dd className="proof-value">
          <code>{answer.chain.head}</code>
          <CopyButton label="Copy" text={() => answer.chain.head} />
        </dd>
        <dt>Links</dt>
        <dd>
          <Count value={answer.chain.links} />
        </dd>
        <dt>Took</dt>
        <dd>
          <Duration ms={answer.tookMs} />
        </dd>
      </dl>
      <p className="mid">
        Written down somewhere else, the head proves later that nothing up to here was changed or taken away. The
        command <code>etcdscope verify</code> compares the newest state with etcd&apos;s own as well.
      </p>
    </>
  )
}
