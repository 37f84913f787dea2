// 全局搜索: what is found while one types, in groups, gone through and opened by keys.
import { Input, Modal } from 'antd';
import { Fragment, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { useSpeech } from '../text/text';
import { useFound, type Found } from './found';
import { marks } from './marks';

export function Search({ open, close }: { open: boolean; close: () => void }) {
  const { say } = useSpeech();
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      width={620}
      closable={false}
      destroyOnHidden
      style={{ top: 80 }}
      title={<span className="skip">{say('search')}</span>}
      styles={{ header: { margin: 0 } }}
    >
      <Finder close={close} />
    </Modal>
  );
}

function Finder({ close }: { close: () => void }) {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const [typed, setTyped] = useState('');
  const [composing, setComposing] = useState(false);
  /** Where the chosen one leads: what is found meanwhile may come before it. */
  const [chosen, setChosen] = useState('');
  const wanted = composing ? '' : typed.trim();
  const { found, note, busy } = useFound(wanted);
  const at = Math.max(0, found.findIndex((one) => one.to === chosen));
  const take = (one: Found | undefined) => {
    if (!one) return;
    close();
    go(one.to);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      const next = (at + step + found.length) % found.length;
      setChosen(found[next]?.to ?? '');
      document.getElementById(`found-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') take(found[at]);
  };
  return (
    <>
      <Input
        autoFocus
        size="large"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="found"
        aria-activedescendant={found[at] ? `found-${at}` : undefined}
        aria-label={say('search')}
        placeholder={say('search_hint')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen('');
        }}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={pressed}
      />
      <ul id="found" role="listbox" aria-label={say('search')} className="found">
        {found.map((one, index) => (
          <Fragment key={one.to}>
            {one.kind !== found[index - 1]?.kind && (
              <li role="presentation" className="found-kind quiet">
                {one.kind}
              </li>
            )}
            <li
              id={`found-${index}`}
              role="option"
              aria-selected={index === at}
              onMouseMove={() => setChosen(one.to)}
              onClick={() => take(one)}
            >
              <span className="found-title">
                <Marked text={one.title} wanted={wanted} />
                {one.piece && (
                  <span className="found-piece quiet">
                    <Marked text={one.piece} wanted={wanted} />
                  </span>
                )}
              </span>
              <span className="quiet number">{one.note}</span>
            </li>
          </Fragment>
        ))}
      </ul>
      <p role="status" className="quiet">
        {note || (wanted !== '' && !busy && found.length === 0 && say('nothing_found'))}
      </p>
    </>
  );
}

function Marked({ text, wanted }: { text: string; wanted: string }) {
  return marks(text, wanted).map((piece, at) =>
    piece.isMarked ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>,
  );
}
