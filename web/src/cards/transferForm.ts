import type { Account, NewTransfer } from '../api/types';
import type { MessageKey } from '../i18n/en';
import { parseMoney } from '../shared/money';

export interface TransferForm {
  debit: Account | null;
  credit: Account | null;
  amount: string;
  reference: string;
  pending: boolean;
  timeout: string;
}

export type TransferField = 'debitAccountId' | 'creditAccountId' | 'amountMinor' | 'reference' | 'timeoutSeconds';

export interface FieldFault {
  key: MessageKey;
  parameters: Record<string, string>;
}

export type Checked = { ok: true; transfer: NewTransfer } | { ok: false; faults: Partial<Record<TransferField, FieldFault>> };

/** Checks what can be checked without the ledger and builds the request; the id comes from outside so that a retry repeats it. */
export function checkTransfer(id: string, form: TransferForm): Checked {
  const faults: Partial<Record<TransferField, FieldFault>> = {};
  const fault = (field: TransferField, key: MessageKey, parameters: Record<string, string> = {}) => {
    faults[field] ??= { key, parameters };
  };
  const { debit, credit } = form;
  if (debit === null) {
    fault('debitAccountId', 'field.required');
  }
  if (credit === null) {
    fault('creditAccountId', 'field.required');
  } else if (debit?.id === credit.id) {
    fault('creditAccountId', 'field.accountsDiffer');
  }
  const currency = debit?.currency ?? credit?.currency ?? '';
  const amount = parseMoney(form.amount, currency);
  if (!amount.ok) {
    fault('amountMinor', `field.money.${amount.fault}`, { currency });
  } else if (amount.minor <= 0) {
    fault('amountMinor', 'field.money.notPositive');
  }
  const timeout = form.timeout.trim() === '' ? '0' : form.timeout.trim();
  if (form.pending && !/^\d{1,9}$/.test(timeout)) {
    fault('timeoutSeconds', 'field.number');
  }
  if (Object.keys(faults).length > 0 || debit === null || credit === null || !amount.ok) {
    return { ok: false, faults };
  }
  const reference = form.reference.trim();
  return {
    ok: true,
    transfer: {
      id, debitAccountId: debit.id, creditAccountId: credit.id, amountMinor: amount.minor, currency,
      ...(form.pending ? { kind: 'pending' as const } : {}),
      ...(form.pending && Number(timeout) > 0 ? { timeoutSeconds: Number(timeout) } : {}),
      ...(reference === '' ? {} : { reference }),
    },
  };
}
