// Amounts as text, exact to the last digit: what a clerk types, what the bank takes, what a voucher
// shows. Nothing here goes through a floating number.
import { narrow } from '../text/narrow';

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];

/** Full-width signs and separators, as an input method leaves them, in their plain form. */
function plainSigns(typed: string): string {
  return narrow(typed)
    .replace(/[\s,，、¥￥]/g, '')
    .replace(/。/g, '.');
}

/**
 * What was typed, as the bank takes it: "1,234.5" is "1234.50". Ten thousands and hundred millions
 * may be written as 万 and 亿. `null`: it is no amount, or has more decimals than the unit.
 */
export function parseAmount(typed: string, digits: number): string | null {
  const found = /^(-?)(\d*)(?:\.(\d*))?(万|亿)?$/.exec(plainSigns(typed));
  if (!found) return null;
  const [, sign = '', whole = '', fraction = '', scale] = found;
  if (whole === '' && fraction === '') return null;
  const shift = scale === '亿' ? 8 : scale === '万' ? 4 : 0;
  const kept = fraction.replace(/0+$/, '');
  const places = Math.max(kept.length, shift);
  const padded = kept.padEnd(places, '0');
  const main = (whole + padded.slice(0, shift)).replace(/^0+(?=\d)/, '') || '0';
  const rest = padded.slice(shift);
  if (rest.length > digits) return null;
  const text = digits === 0 ? main : `${main}.${rest.padEnd(digits, '0')}`;
  return sign && /[1-9]/.test(text) ? `-${text}` : text;
}

/** "1234567.50" as "1,234,567.50". */
export function grouped(amount: string): string {
  const [whole = '', fraction] = amount.split('.');
  const main = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? main : `${main}.${fraction}`;
}

/** Smallest parts of an amount that is well written. */
export function minor(amount: string, digits: number): bigint {
  const plain = parseAmount(amount, digits);
  return plain === null ? 0n : BigInt(plain.replace('.', ''));
}

/** Smallest parts as text. */
export function fromMinor(parts: bigint, digits: number): string {
  const sign = parts < 0n ? '-' : '';
  const text = (parts < 0n ? -parts : parts).toString().padStart(digits + 1, '0');
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Decimals of an amount as the bank writes it: all that its unit has, and no other. */
export function decimals(amount: string): number {
  return amount.split('.')[1]?.length ?? 0;
}

/** What amounts of one unit come to, as the bank writes them. */
export function added(amounts: readonly string[]): string {
  const digits = Math.max(0, ...amounts.map(decimals));
  return fromMinor(
    amounts.reduce((sum, one) => sum + minor(one, digits), 0n),
    digits,
  );
}

/** One group of four digits; what came before decides whether a zero must be said. */
function fourDigits(group: string, said: { zero: boolean; any: boolean }): string {
  let text = '';
  for (const [at, digit] of Array.from(group).entries()) {
    if (digit === '0') {
      said.zero = said.any;
      continue;
    }
    if (said.zero) text += '零';
    text += (DIGITS[Number(digit)] ?? '') + (PLACES[3 - at] ?? '');
    said.zero = false;
    said.any = true;
  }
  return text;
}

function wholeCapital(whole: string): string {
  const digits = whole.replace(/^0+/, '');
  const padded = digits.padStart(Math.ceil(digits.length / 4) * 4, '0');
  const groups = padded.match(/\d{4}/g) ?? [];
  const said = { zero: false, any: false };
  let text = '';
  for (const [at, group] of groups.entries()) {
    const place = groups.length - 1 - at;
    const part = fourDigits(group, said);
    const hundredMillions = place === 2 && groups.length > 3;
    if (part === '' && !hundredMillions) continue;
    text += part + (['', '万', '亿', '万'][place] ?? '');
  }
  return text;
}

/** 人民币大写, as the rules for filling in payment instruments have it; '' beyond 16 digits. */
export function capital(amount: string): string {
  const plain = parseAmount(amount, 2);
  if (plain === null) return '';
  const [whole = '0', fraction = '00'] = plain.replace('-', '').split('.');
  if (whole.length > 16) return '';
  const [tenths, hundredths] = [Number(fraction[0]), Number(fraction[1])];
  const main = wholeCapital(whole);
  let text = main === '' ? '' : `${main}元`;
  if (tenths > 0) text += `${DIGITS[tenths] ?? ''}角`;
  else if (hundredths > 0 && main !== '') text += '零';
  text += hundredths > 0 ? `${DIGITS[hundredths] ?? ''}分` : '整';
  if (text === '整') text = '零元整';
  return (plain.startsWith('-') ? '负' : '') + text;
}
