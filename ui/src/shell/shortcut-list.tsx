import { Modal } from 'antd';
import { useSpeech } from '../text/text';
import { SHORTCUTS } from './shortcuts';

export function ShortcutList({ open, close }: { open: boolean; close: () => void }) {
  const { say } = useSpeech();
  return (
    <Modal open={open} onCancel={close} footer={null} width={420} title={say('shortcuts')}>
      <table className="grid">
        <tbody>
          {SHORTCUTS.map(({ keys, says }) => (
            <tr key={keys}>
              <td className="still" style={{ width: 120 }}>
                <kbd>{keys}</kbd>
              </td>
              <td className="still">{say(says)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
