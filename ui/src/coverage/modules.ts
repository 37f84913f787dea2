// Modules of the mission by name; one that is not known here shows under its code.
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';

const MODULES: Record<string, TextKey> = {
  PARM: 'module_parm',
  GL: 'division_accounting',
  PAY: 'module_pay',
  FUND: 'module_fund',
  ACCT: 'division_accounts',
  VOU: 'module_vou',
  SEAL: 'module_seal',
  CIPH: 'module_ciph',
  DEV: 'module_dev',
  SAMP: 'module_samp',
  CASH: 'division_cash',
  SUPV: 'division_supervision',
  RECON: 'division_reconciliation',
  AML: 'division_aml',
  ORM: 'division_risk',
  CASE: 'module_case',
  ARCH: 'division_archives',
  SVC: 'module_svc',
  COB: 'module_cob',
  ANL: 'module_anl',
  PLAN: 'module_plan',
  POL: 'module_pol',
  PROC: 'module_proc',
  PERF: 'module_perf',
  MEET: 'module_meet',
  INSP: 'module_insp',
  CHG: 'module_chg',
  TRAIN: 'module_train',
  KB: 'module_kb',
  ORG: 'module_org',
  HR: 'module_hr',
  DOC: 'module_doc',
  BID: 'module_bid',
  ASSET: 'module_asset',
  GRP: 'module_grp',
  BRAND: 'module_brand',
  RE: 'module_re',
  MALL: 'module_mall',
  CRM: 'module_crm',
  QMS: 'module_qms',
};

export function useModules(): (code: string) => string {
  const { say } = useSpeech();
  return (code) => {
    const key = MODULES[code];
    return key ? say(key) : code;
  };
}
