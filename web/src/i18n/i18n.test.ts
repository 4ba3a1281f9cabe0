import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectLanguage, translate } from '.';
import { en, type MessageKey } from './en';
import { ru } from './ru';
import { statuses } from './statuses';

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

// The ledger's statuses on the wire, as its enum declares them, and the problems of the platform.
const ledgerStatuses = readLedgerStatuses();

function readLedgerStatuses(): string[] {
  const file = new URL('../../../src/Modules/Cards/Contracts/TransferStatus.cs', import.meta.url);
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return [...source.matchAll(/^\s+([A-Z]\w+) = \d+,/gm)]
    .map((match) => match[1]!.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase())
    .filter((slug) => slug !== 'ok');
}

describe('dictionaries', () => {
  it('have the same keys', () => {
    expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
  });

  it('have the same placeholders and no empty text', () => {
    for (const key of Object.keys(en) as MessageKey[]) {
      expect(placeholders(ru[key]), key).toEqual(placeholders(en[key]));
      expect(en[key].trim() && ru[key].trim(), key).not.toBe('');
    }
  });

  it('have no key that nothing uses', () => {
    const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('i18n'))
      .map((name) => readFileSync(join('src', name), 'utf8')).join('\n');
    const dynamic = [...source.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map((match) => match[1]!);
    const unused = Object.keys(en).filter((key) => !source.includes(`'${key}'`) && !dynamic.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });
});

describe('statuses', () => {
  it('have text in both languages', () => {
    for (const [slug, text] of Object.entries(statuses)) {
      expect(slug).toMatch(/^[a-z0-9-]+$/);
      expect(text.en && text.ru, slug).toBeTruthy();
      expect(text.ru, slug).toMatch(/[а-яё]/i);
    }
  });

  it.skipIf(ledgerStatuses.length === 0)('cover every status of the ledger', () => {
    expect(ledgerStatuses.length).toBeGreaterThan(20);
    expect(ledgerStatuses.filter((slug) => statuses[slug] === undefined)).toEqual([]);
  });
});

describe('language', () => {
  it('is the stored one, else the browser’s', () => {
    expect(detectLanguage('ru', ['en-US'])).toBe('ru');
    expect(detectLanguage(null, ['ru-RU', 'en'])).toBe('ru');
    expect(detectLanguage('nonsense', ['de'])).toBe('en');
    expect(detectLanguage(null, [])).toBe('en');
  });

  it('fills placeholders and leaves unknown ones', () => {
    expect(translate('en', 'pulse.queueOf', { capacity: 7 })).toBe('of 7');
    expect(translate('ru', 'pulse.queueOf')).toBe('из {capacity}');
  });
});
