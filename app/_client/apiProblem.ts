import { type Problem, problem } from '../../lib/contract'

/** Status 0 stands for "no answer at all": the server is away or the network is. */
const NO_ANSWER = 0

/**
 * What a request failed with, in the words of the server's RFC 9457 document. Screens show `detail` as it is:
 * it is one sentence written for people.
 */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  /** The request parameter at fault, when the server named one. */
  readonly parameter: string | null
  /** With NOT_COVERED: the nearest range that the record holds. */
  readonly nearest: Problem['nearest'] | null

  constructor(given: Pick<Problem, 'status' | 'code' | 'detail'> & Partial<Pick<Problem, 'parameter' | 'nearest'>>) {
    super(given.detail)
    this.name = 'ApiProblem'
    this.status = given.status
    this.code = given.code
    this.detail = given.detail
    this.parameter = given.parameter ?? null
    this.nearest = given.nearest ?? null
  }
}

/** Reads a failed response; an answer that is no problem document still becomes one sentence. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  const parsed = problem.safeParse(body)
  if (parsed.success) return new ApiProblem(parsed.data)
  return new ApiProblem({
    status: response.status,
    code: 'INTERNAL',
    detail: `The server answered ${response.status} ${response.statusText}`.trim(),
  })
}

export function unreachable(): ApiProblem {
  return new ApiProblem({ status: NO_ANSWER, code: 'UNREACHABLE', detail: 'etcdscope does not answer' })
}

/** The sentence to show for whatever a query failed with. */
export function problemSentence(error: unknown): string {
  if (error instanceof ApiProblem) return error.detail
  return error instanceof Error ? error.message : String(error)
}

/** Worth another try by itself: no answer, or the server's own trouble. A wrong request stays wrong. */
export function isWorthRetrying(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === NO_ANSWER || error.status >= 500)
}
