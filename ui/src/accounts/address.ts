// Where an account's page is.
export function accountAt(number: string): string {
  return `/accounts/${encodeURIComponent(number)}`;
}
