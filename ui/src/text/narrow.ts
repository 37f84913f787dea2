/** The wide forms that a Chinese keyboard gives as the plain ones; each sign stays where it stands. */
export function narrow(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ');
}
