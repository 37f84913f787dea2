// Which language is spoken, and every sentence of the pages in it. What the bank itself says (titles
// of the rulebook, refusals) comes in both languages and is picked here too.
import { createContext, use } from 'react';
import type { TextKey } from './zh';

export type Language = 'zh' | 'en';

/** A name in both languages, as the rulebook has it. */
export interface Title {
  zh: string;
  en: string;
}

export type Say = (key: TextKey, parts?: Record<string, string | number>) => string;

export interface Speech {
  language: Language;
  say: Say;
  name: (title: Title) => string;
  speak: (language: Language) => void;
}

const KEPT = 'piaohao.language';

export function keptLanguage(): Language {
  return localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh';
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT, language);
}

export function speech(
  language: Language,
  catalogue: Record<TextKey, string>,
  speak: (language: Language) => void,
): Speech {
  const say: Say = (key, parts) => {
    const text = catalogue[key];
    if (!parts) return text;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(parts[name] ?? whole));
  };
  const name = (title: Title): string => title[language] || title.zh || title.en;
  return { language, say, name, speak };
}

export const SpeechContext = createContext<Speech | null>(null);

export function useSpeech(): Speech {
  const found = use(SpeechContext);
  if (!found) throw new Error('the speech stands above every page');
  return found;
}
