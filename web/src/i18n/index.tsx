import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { en, type MessageKey } from './en';
import { ru } from './ru';
import { statusText } from './statuses';

export type Language = 'en' | 'ru';
export type Parameters = Record<string, string | number>;
export type Translate = (key: MessageKey, parameters?: Parameters) => string;

const storageKey = 'iskra.language';
const dictionaries = { en, ru } as const;

export function detectLanguage(stored: string | null, preferred: readonly string[]): Language {
  if (stored === 'en' || stored === 'ru') {
    return stored;
  }
  return preferred[0]?.toLowerCase().startsWith('ru') ? 'ru' : 'en';
}

export function translate(language: Language, key: MessageKey, parameters: Parameters = {}): string {
  return dictionaries[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}

interface I18n {
  language: Language;
  /** BCP 47 tag for Intl. */
  locale: string;
  t: Translate;
  status: (slug: string) => string | null;
  setLanguage: (language: Language) => void;
}

const I18nContext = createContext<I18n | null>(null);

function readStored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function I18nProvider({ children }: { children: ReactNode }) {
  const [language, setState] = useState<Language>(() => detectLanguage(readStored(), navigator.languages));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const setLanguage = useCallback((next: Language) => {
    setState(next);
    try {
      localStorage.setItem(storageKey, next);
    } catch {
      // Without storage the choice lasts until the page is closed.
    }
  }, []);
  const value = useMemo<I18n>(
    () => ({
      language,
      locale: language === 'ru' ? 'ru-RU' : 'en-GB',
      t: (key, parameters) => translate(language, key, parameters),
      status: (slug) => statusText(language, slug),
      setLanguage,
    }),
    [language, setLanguage],
  );
  return <I18nContext value={value}>{children}</I18nContext>;
}

export function useI18n(): I18n {
  const value = useContext(I18nContext);
  if (value === null) {
    throw new Error('I18nProvider is missing');
  }
  return value;
}
