import type {
  Account, ApiKey, AuditEntry, AuditVerification, BackupList, Card, ChangePassword, CreatedApiKey, Job, JobQueueList, NewAccount,
  NewApiKey, NewCard, NewTenant, NewTenantBody, NewTransfer, NewUser, Page, Problem, PulseSnapshot, RetriedJobs, Role, RoleBody,
  RoleList, Session, SignIn, StatementEntry, SystemInfo, Tenant, TenantChanges, Transfer, TransferResult, User, UserPatch,
} from './types';
import { reportReachable, reportUnreachable } from './connectivity';

/** An answer of the server that is not a success. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, problem: Problem, retryAfterSeconds: number | null) {
    super(problem.title);
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get code(): string {
    return this.problem.code ?? this.problem.type.split('/').pop() ?? '';
  }
}

/** No answer at all: whether the server did what was asked is not known. */
export class NetworkError extends Error {}

type Query = Record<string, string | number | null | undefined>;

interface RequestOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

let onUnauthenticated: () => void = () => {};

/** Called when a request that should have been signed in was not. */
export function setUnauthenticatedHandler(handler: () => void): void {
  onUnauthenticated = handler;
}

export function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  const init: RequestInit = { method, headers, credentials: 'same-origin', signal: options.signal ?? null };
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(withQuery(path, options.query), init);
  } catch (error) {
    if (options.signal?.aborted) {
      throw error;
    }
    reportUnreachable();
    throw new NetworkError('no answer', { cause: error });
  }
  reportReachable();
  if (!response.ok) {
    throw await readError(response);
  }
  return (response.status === 204 || response.headers.get('Content-Length') === '0' ? undefined : await readJson(response)) as T;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}

async function readError(response: Response): Promise<ApiError> {
  let problem: Problem | undefined;
  try {
    problem = (await readJson(response)) as Problem | undefined;
  } catch {
    // A proxy may answer with a page of its own; the status is all there is then.
  }
  const retryAfter = Number(response.headers.get('Retry-After'));
  const error = new ApiError(
    response.status,
    problem ?? { type: 'about:blank', title: `HTTP ${response.status}`, status: response.status },
    Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
  );
  if (response.status === 401 && !response.url.endsWith('/v1/security/session')) {
    onUnauthenticated();
  }
  return error;
}

const id = encodeURIComponent;

export const api = {
  session: () => request<Session>('GET', '/v1/security/session'),
  signIn: (body: SignIn) => request<Session>('POST', '/v1/security/session', { body }),
  signOut: () => request<void>('DELETE', '/v1/security/session'),
  keys: (query: Query, signal?: AbortSignal) => request<Page<ApiKey>>('GET', '/v1/security/keys', { query, signal }),
  createKey: (body: NewApiKey) => request<CreatedApiKey>('POST', '/v1/security/keys', { body }),
  revokeKey: (keyId: string) => request<void>('DELETE', `/v1/security/keys/${id(keyId)}`),
  changePassword: (body: ChangePassword) => request<void>('POST', '/v1/security/password', { body }),
  users: (query: Query, signal?: AbortSignal) => request<Page<User>>('GET', '/v1/security/users', { query, signal }),
  createUser: (body: NewUser) => request<User>('POST', '/v1/security/users', { body }),
  changeUser: (userId: string, body: UserPatch) => request<User>('PATCH', `/v1/security/users/${id(userId)}`, { body }),
  roles: (signal?: AbortSignal) => request<RoleList>('GET', '/v1/security/roles', { signal }),
  putRole: (name: string, body: RoleBody) => request<Role>('PUT', `/v1/security/roles/${id(name)}`, { body }),
  removeRole: (name: string) => request<void>('DELETE', `/v1/security/roles/${id(name)}`),
  tenants: (query: Query, signal?: AbortSignal) => request<Page<Tenant>>('GET', '/v1/tenants', { query, signal }),
  createTenant: (body: NewTenantBody) => request<NewTenant>('POST', '/v1/tenants', { body }),
  changeTenant: (tenantId: number, body: TenantChanges) => request<Tenant>('PATCH', `/v1/tenants/${tenantId}`, { body }),

  audit: (query: Query, signal?: AbortSignal) => request<Page<AuditEntry>>('GET', '/v1/audit', { query, signal }),
  auditVerification: (signal?: AbortSignal) => request<AuditVerification>('GET', '/v1/audit/verification', { signal }),
  verifyAudit: () => request<AuditVerification>('POST', '/v1/audit/verification'),

  system: (signal?: AbortSignal) => request<SystemInfo>('GET', '/v1/system', { signal }),
  backups: (signal?: AbortSignal) => request<BackupList>('GET', '/v1/system/backups', { signal }),
  createBackup: () => request<BackupList>('POST', '/v1/system/backups'),
  startDemo: (speed: number) => request<void>('POST', '/v1/cards/demo', { body: { speed } }),
  stopDemo: () => request<void>('DELETE', '/v1/cards/demo'),
  jobQueues: (signal?: AbortSignal) => request<JobQueueList>('GET', '/v1/jobs/queues', { signal }),
  jobs: (query: Query, signal?: AbortSignal) => request<Page<Job>>('GET', '/v1/jobs', { query, signal }),
  job: (jobId: string, signal?: AbortSignal) => request<Job>('GET', `/v1/jobs/${id(jobId)}`, { signal }),
  retryJob: (jobId: string) => request<Job>('POST', `/v1/jobs/${id(jobId)}:retry`),
  cancelJob: (jobId: string) => request<Job>('POST', `/v1/jobs/${id(jobId)}:cancel`),
  answerJob: (jobId: string, goOn: boolean) => request<Job>('POST', `/v1/jobs/${id(jobId)}:answer`, { body: { goOn } }),
  retryDeadJobs: (type: string) => request<RetriedJobs>('POST', `/v1/jobs/queues/${id(type)}:retry`),
  pauseJobQueue: (type: string) => request<void>('POST', `/v1/jobs/queues/${id(type)}:pause`),
  resumeJobQueue: (type: string) => request<void>('POST', `/v1/jobs/queues/${id(type)}:resume`),
  pulse: (signal?: AbortSignal) => request<PulseSnapshot>('GET', '/v1/dashboards/pulse', { signal }),

  accounts: (query: Query, signal?: AbortSignal) => request<Page<Account>>('GET', '/v1/cards/accounts', { query, signal }),
  account: (accountId: string, signal?: AbortSignal) => request<Account>('GET', `/v1/cards/accounts/${id(accountId)}`, { signal }),
  createAccount: (body: NewAccount) => request<Account>('POST', '/v1/cards/accounts', { body }),
  statement: (accountId: string, query: Query, signal?: AbortSignal) =>
    request<Page<StatementEntry>>('GET', `/v1/cards/accounts/${id(accountId)}/statement`, { query, signal }),
  transfers: (query: Query, signal?: AbortSignal) => request<Page<Transfer>>('GET', '/v1/cards/transfers', { query, signal }),
  transfer: (transferId: string, signal?: AbortSignal) => request<Transfer>('GET', `/v1/cards/transfers/${id(transferId)}`, { signal }),
  postTransfer: (body: NewTransfer) => request<TransferResult>('POST', '/v1/cards/transfers', { body }),
  cards: (query: Query, signal?: AbortSignal) => request<Page<Card>>('GET', '/v1/cards/cards', { query, signal }),
  registerCard: (body: NewCard) => request<Card>('POST', '/v1/cards/cards', { body }),
};
