// 试算: what a step would do, before it is done.
import { Alert } from 'antd';
import type { Schemas } from '../api/client';
import { EntryLines } from '../entries/lines';
import { useSpeech } from '../text/text';

export type Preview = Schemas['PreviewView'];

export function PreviewPanel({ seen }: { seen: Preview }) {
  const { say, name } = useSpeech();
  const quiet = seen.moves.length === 0 && seen.lines.length === 0 && seen.acts.length === 0;
  return (
    <section aria-label={say('try_out')} aria-live="polite" data-testid="preview">
      <Alert
        type={seen.complete ? 'success' : 'info'}
        showIcon
        style={{ margin: '12px 0' }}
        title={say(seen.complete ? 'preview_complete' : 'preview_waits')}
        description={say('preview_goes', { step: name(seen.at_title) })}
      />
      {quiet && <span className="quiet">{say('preview_nothing')}</span>}
      {seen.acts.length > 0 && <p>{seen.acts.map((act) => name(act)).join('；')}</p>}
      {seen.moves.length > 0 && (
        <table className="grid figures">
          <thead>
            <tr>
              <th>{say('preview_moved')}</th>
              <th>{say('preview_from')}</th>
              <th>{say('preview_to')}</th>
            </tr>
          </thead>
          <tbody>
            {seen.moves.map((move, at) => (
              <tr key={at}>
                <td className="still">
                  {say(`preview_${move.kind}`)} {move.what}
                </td>
                <td className="still number">{move.from}</td>
                <td className="still number">{move.to}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {seen.lines.length > 0 && <EntryLines lines={seen.lines} />}
    </section>
  );
}
