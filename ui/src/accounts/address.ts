// Where an account's page is. Numbers of the bank's own accounts have dots, which a server takes for
// the ending of a file; written out they reach the page also when it is loaded anew.
export function accountAt(number: string): string {
  return `/accounts/${encodeURIComponent(number).replaceAll('.', '%2E')}`;
}
