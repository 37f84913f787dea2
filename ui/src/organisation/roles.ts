// Roles of hands in words, and where a post must be held.
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';

const ROLES: Record<string, TextKey> = {
  maker: 'role_maker',
  checker: 'role_checker',
  authoriser: 'role_authoriser',
  witness: 'role_witness',
  custodian: 'role_custodian',
  handler: 'role_handler',
  receiver: 'role_receiver',
  giver: 'role_giver',
  countersigner: 'role_countersigner',
  pair: 'role_pair',
  reader: 'role_reader',
};

const WHERES: Record<string, TextKey> = {
  own: 'at_own',
  above: 'at_above',
  'own or above': 'at_own_or_above',
  head: 'at_head',
  any: 'at_any',
};

export function useRoles() {
  const { say } = useSpeech();
  return {
    role: (code: string | null | undefined): string => {
      if (!code) return say('role_late');
      const key = ROLES[code];
      return key ? say(key) : code;
    },
    where: (at: string): string => {
      const key = WHERES[at];
      return key ? say(key) : say('at_field', { field: at.replace(/^of /, '') });
    },
  };
}
