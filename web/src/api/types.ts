// The one place that names the generated types, so that a rename in the OpenAPI document is a change of one line.
import type { components } from './schema';

type Schemas = components['schemas'];

// A proxy in between may answer with less than our own problems hold.
export type Problem = Partial<Schemas['ProblemDocument']> & Pick<Schemas['ProblemDocument'], 'type' | 'title' | 'status'>;
export type Session = Schemas['SessionDocument'];
export type SignIn = Schemas['SignInRequest'];
export type ApiKey = Schemas['ApiKey'];
export type NewApiKey = Schemas['NewKeyRequest'];
export type CreatedApiKey = Schemas['NewApiKey'];
export type ChangePassword = Schemas['ChangePasswordRequest'];
export type User = Schemas['User'];
export type NewUser = Schemas['NewUserRequest'];
export type UserPatch = Schemas['UserPatch'];
export type Role = Schemas['Role'];
export type RoleList = Schemas['RoleList'];
export type RoleBody = Schemas['RoleRequest'];
export type Tenant = Schemas['Tenant'];
export type NewTenant = Schemas['NewTenant'];
export type NewTenantBody = Schemas['NewTenantRequest'];
export type TenantChanges = Schemas['TenantChanges'];
export type AuditEntry = Schemas['AuditItem'];
export type AuditVerification = Schemas['AuditVerificationDocument'];
export type BackupList = Schemas['BackupListDocument'];
export type Backup = Schemas['BackupDocument'];
export type SystemInfo = Schemas['SystemDocument'];
export type AccountFlag = 'debitsMayNotExceedCredits' | 'creditsMayNotExceedDebits' | 'frozen';
export type Account = Omit<Schemas['AccountItem'], 'flags'> & { flags: AccountFlag[] };
export type NewAccount = Schemas['OpenAccountRequest'];
export type AccountKind = Account['kind'];
export type StatementEntry = Schemas['StatementItem'];
export type Transfer = Schemas['TransferItem'];
export type TransferKind = Transfer['kind'];
export type NewTransfer = Schemas['PostTransferRequest'];
export type TransferResult = Schemas['PostTransferResponse'];
export type Job = Schemas['JobItem'];
export type JobQueue = Schemas['JobQueueItem'];
export type JobQueueList = Schemas['JobQueueList'];
export type RetriedJobs = Schemas['RetriedJobs'];
export type Card = Schemas['CardItem'];
export type NewCard = Schemas['RegisterCardRequest'];
export type PulseNow = Schemas['PulseNow'];
export type PulseCommit = Schemas['PulseCommit'];
type Series = Omit<Schemas['PulseHistory'], 'startedAt' | 'intervalSeconds'>;
export type PulseHistory = Pick<Schemas['PulseHistory'], 'startedAt' | 'intervalSeconds'> & { [Key in keyof Series]: (number | null)[] };
// The field 'type' tells a snapshot from a frame.
export type PulseSnapshot = Omit<Schemas['PulseSnapshot'], 'type' | 'history'> & { type: 'snapshot'; history: PulseHistory };
export type PulseFrame = Omit<Schemas['PulseFrame'], 'type'> & { type: 'frame' };

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
