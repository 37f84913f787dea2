// Keys that work on every page. A letter alone counts only where nothing is being typed.
import { useEffect } from 'react';
import type { TextKey } from '../text/zh';

export interface Shortcut {
  keys: string;
  says: TextKey;
}

/** As the list of them shows it, with those of single pages. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'Ctrl+K', says: 'key_search' },
  { keys: 'Ctrl+L', says: 'key_lock' },
  { keys: 'Alt+W', says: 'key_work' },
  { keys: 'Alt+N', says: 'key_new' },
  { keys: 'Enter', says: 'key_next' },
  { keys: 'Shift+Enter', says: 'key_line' },
  { keys: 'Ctrl+Enter', says: 'key_send' },
  { keys: 'Ctrl+S', says: 'key_save' },
  { keys: 'Ctrl+P', says: 'key_print' },
  { keys: 'Esc', says: 'key_close' },
  { keys: '?', says: 'key_keys' },
];

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function spelled(event: KeyboardEvent): string {
  const control = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  const alt = event.altKey ? 'Alt+' : '';
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return control + alt + key;
}

/** Runs what stands under the keys that were pressed. */
export function useShortcuts(deeds: Partial<Record<string, () => void>>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      const keys = spelled(event);
      const deed = deeds[keys];
      if (!deed || (keys.length === 1 && isTyping(event.target))) return;
      event.preventDefault();
      deed();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [deeds]);
}
