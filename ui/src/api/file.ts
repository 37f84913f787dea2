// Files that the bank makes: kept under the name that the bank gives them. The bank notes in its audit
// trail who took what.
import { answered } from './client';

/** The name in `Content-Disposition`; the long form carries Chinese. */
export function nameIn(disposition: string | null): string {
  const long = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  if (long) return decodeURIComponent(long);
  return /filename="([^"]+)"/i.exec(disposition ?? '')?.[1] ?? '';
}

export function keep(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

interface Answer {
  data?: Blob;
  error?: unknown;
  response: Response;
}

export async function takeOut(asked: Promise<Answer>): Promise<void> {
  let name = '';
  const read = asked.then((answer) => {
    name = nameIn(answer.response.headers.get('content-disposition'));
    return answer;
  });
  const file = await answered(read);
  keep(name, file);
}
