// Enter goes on to the next field, as at every counter; lists keep it. In a box of several lines,
// Shift and Enter begin a new one.
import type { KeyboardEvent } from 'react';

const FIELDS = [
  'input:not([hidden]):not([disabled]):not([type="hidden"])',
  'textarea:not([disabled]):not([aria-hidden="true"])',
  'button[data-send]',
].join(',');

function keepsEnter(target: HTMLElement): boolean {
  if (!/^(INPUT|TEXTAREA)$/.test(target.tagName)) return true;
  return target.getAttribute('role') === 'combobox';
}

export function enterGoesOn(event: KeyboardEvent<HTMLElement>): void {
  const { target } = event;
  if (event.key !== 'Enter' || event.ctrlKey || event.shiftKey || event.nativeEvent.isComposing) return;
  if (!(target instanceof HTMLElement) || keepsEnter(target)) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(FIELDS)];
  const next = all[all.indexOf(target) + 1];
  event.preventDefault();
  next?.focus();
}
