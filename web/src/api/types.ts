// The one place that names the generated types, so that a rename in the OpenAPI document is a change of one line.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Problem = Schemas['Problem'];
export type Session = Schemas['Session'];
export type SignIn = Schemas['SignIn'];
export type ApiKey = Schemas['Key'];
export type NewApiKey = Schemas['NewKey'];
export type CreatedApiKey = Schemas['CreatedKey'];
export type SystemInfo = Schemas['System'];
export type Account = Schemas['Account'];
export type NewAccount = Schemas['NewAccount'];
export type AccountKind = Account['kind'];
export type AccountFlag = Account['flags'][number];
export type StatementEntry = Schemas['StatementEntry'];
export type Transfer = Schemas['Transfer'];
export type TransferKind = Transfer['kind'];
export type NewTransfer = Schemas['NewTransfer'];
export type TransferResult = Schemas['TransferResult'];
export type Card = Schemas['Card'];
export type NewCard = Schemas['NewCard'];
export type PulseNow = Schemas['PulseNow'];
export type PulseCommit = Schemas['PulseCommit'];
export type PulseSnapshot = Schemas['PulseSnapshot'];
export type PulseFrame = Schemas['PulseFrame'];

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
