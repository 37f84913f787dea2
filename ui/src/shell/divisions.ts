// The department's own divisions, and which folder of the rulebook belongs to which. A folder that
// is not named here still shows, under `other`: no matter is ever out of reach.
import type { TextKey } from '../text/zh';

export interface Division {
  code: string;
  title: TextKey;
  areas: readonly string[];
}

export const DIVISIONS: readonly Division[] = [
  { code: 'accounting', title: 'division_accounting', areas: ['accounting', 'gl'] },
  { code: 'clearing', title: 'division_clearing', areas: ['pay', 'fund', 'clearing'] },
  {
    code: 'cash',
    title: 'division_cash',
    areas: ['cash', 'vault', 'teller', 'transport', 'difference', 'fake', 'worn', 'count'],
  },
  {
    code: 'vouchers',
    title: 'division_vouchers',
    areas: ['vou', 'vkeep', 'seal', 'ciph', 'dev', 'samp', 'safe'],
  },
  { code: 'accounts', title: 'division_accounts', areas: ['acct', 'account'] },
  { code: 'reconciliation', title: 'division_reconciliation', areas: ['recon'] },
  { code: 'supervision', title: 'division_supervision', areas: ['supv', 'cob'] },
  { code: 'aml', title: 'division_aml', areas: ['aml'] },
  { code: 'risk', title: 'division_risk', areas: ['orm', 'case'] },
  { code: 'archives', title: 'division_archives', areas: ['arch'] },
  { code: 'service', title: 'division_service', areas: ['svc'] },
  { code: 'plans', title: 'division_plans', areas: ['plan', 'perf', 'pol', 'proc', 'meet', 'anl'] },
  { code: 'system', title: 'division_system', areas: ['parm', 'org', 'sys'] },
  { code: 'other', title: 'division_other', areas: [] },
];

/** The folder of the rulebook that a kind's file lies in. */
export function areaOf(file: string): string {
  return file.split('/')[0] ?? '';
}

export function divisionOf(file: string): string {
  const area = areaOf(file);
  return DIVISIONS.find((one) => one.areas.includes(area))?.code ?? 'other';
}
