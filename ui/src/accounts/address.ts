// Where an account's page is. Numbers of the bank's own accounts have dots; written out, nobody on the
// way takes what follows them for the ending of a file.
export function accountAt(number: string): string {
  return `/accounts/${encodeURIComponent(number).replaceAll('.', '%2E')}`;
}
