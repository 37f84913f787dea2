// What is marked on a thing, in words. The rulebook may mark more than is named here: that shows
// under its own name.
import { useNames } from '../form/names';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';

const MARKS: Record<string, TextKey> = {
  state: 'mark_state',
  keeper: 'keeper',
  deputy: 'mark_deputy',
  holder: 'mark_holder',
  user: 'mark_user',
  borrower: 'mark_borrower',
  since: 'mark_since',
  seal: 'mark_seal',
  spare: 'mark_spare',
  pack_no: 'mark_pack',
  box: 'mark_box',
  institution: 'institution',
  lost_on: 'mark_lost_on',
  key_version: 'mark_key_version',
  key_until: 'mark_key_until',
  model: 'mark_model',
  receipt: 'mark_receipt',
};

const STATES: Record<string, TextKey> = {
  out: 'thing_out',
  in: 'thing_in',
  issued: 'thing_issued',
  in_store: 'thing_in_store',
  enabled: 'thing_enabled',
  open: 'thing_open',
  lost: 'place_lost',
  destroyed: 'place_destroyed',
  stopped: 'thing_stopped',
  sealed: 'thing_sealed',
  returned: 'thing_returned',
  repair: 'thing_repair',
  lent: 'thing_lent',
  kept: 'thing_kept',
  in_use: 'thing_in_use',
  stored: 'thing_stored',
  sealed_off: 'thing_sealed',
  scrapped: 'thing_scrapped',
  released: 'thing_released',
  held: 'thing_kept',
};

const PEOPLE = ['keeper', 'deputy', 'holder', 'user', 'borrower'];

export function useMarks(): (mark: string, text: string) => { title: string; text: string } {
  const { say } = useSpeech();
  const names = useNames();
  return (mark, text) => {
    const key = MARKS[mark];
    const title = key ? say(key) : mark;
    const state = STATES[text];
    if (mark === 'state' && state) return { title, text: say(state) };
    if (PEOPLE.includes(mark)) return { title, text: names.operator(text) };
    if (mark === 'box') return { title, text: names.place(text) };
    if (mark === 'institution') return { title, text: `${text} ${names.institution(text)}` };
    return { title, text };
  };
}
