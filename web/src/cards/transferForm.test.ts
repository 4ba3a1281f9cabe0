import { describe, expect, it } from 'vitest';
import type { Account } from '../api/types';
import { checkTransfer, type TransferForm } from './transferForm';

const account = (id: string, currency = 'RUB') => ({ id, currency }) as Account;
const form = (changes: Partial<TransferForm>): TransferForm => ({
  debit: account('a'), credit: account('b'), amount: '10', reference: '', pending: false, timeout: '', ...changes,
});

describe('checkTransfer', () => {
  it('builds the request with the id that it was given', () => {
    expect(checkTransfer('id', form({ amount: '0,29', reference: ' order 1 ' }))).toEqual({
      ok: true,
      transfer: { id: 'id', debitAccountId: 'a', creditAccountId: 'b', amountMinor: 29, currency: 'RUB', reference: 'order 1' },
    });
  });

  it('builds a pending one with its time limit', () => {
    const checked = checkTransfer('id', form({ pending: true, timeout: '60' }));
    expect(checked).toMatchObject({ ok: true, transfer: { kind: 'pending', timeoutSeconds: 60 } });
  });

  it('names every field at fault at once', () => {
    const checked = checkTransfer('id', form({ debit: null, credit: null, amount: '', pending: true, timeout: 'x' }));
    expect(checked.ok ? [] : Object.keys(checked.faults).sort())
      .toEqual(['amountMinor', 'creditAccountId', 'debitAccountId', 'timeoutSeconds']);
  });

  it('refuses the same account on both sides and an amount of nothing', () => {
    expect(checkTransfer('id', form({ credit: account('a') })))
      .toMatchObject({ faults: { creditAccountId: { key: 'field.accountsDiffer' } } });
    expect(checkTransfer('id', form({ amount: '0' }))).toMatchObject({ faults: { amountMinor: { key: 'field.money.notPositive' } } });
    expect(checkTransfer('id', form({ amount: '-1' }))).toMatchObject({ faults: { amountMinor: { key: 'field.money.notPositive' } } });
  });
});
