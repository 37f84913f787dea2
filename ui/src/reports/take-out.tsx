// Files of what is shown, and paper.
import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import { Refused } from '../api/client';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import type { Format } from './questions';

const FORMATS: readonly { format: Format; title: TextKey }[] = [
  { format: 'xlsx', title: 'file_xlsx' },
  { format: 'csv', title: 'file_csv' },
  { format: 'pdf', title: 'file_pdf' },
];

export function TakeOut({ take, ready }: { take: (format: Format) => Promise<void>; ready: boolean }) {
  const { say, language } = useSpeech();
  const { message } = App.useApp();
  const [busy, setBusy] = useState<Format | null>(null);
  const run = async (format: Format) => {
    setBusy(format);
    try {
      await take(format);
      void message.success(say('taken_out'));
    } catch (reason) {
      const no = reason instanceof Refused ? reason.problem[language] : say('failed');
      void message.error(no);
    } finally {
      setBusy(null);
    }
  };
  return (
    <span className="bar" role="group" aria-label={say('take_out')}>
      {FORMATS.map(({ format, title }) => (
        <Button
          key={format}
          icon={<DownloadOutlined />}
          disabled={!ready || (busy !== null && busy !== format)}
          loading={busy === format}
          onClick={() => void run(format)}
        >
          {say(title)}
        </Button>
      ))}
      <Button icon={<PrinterOutlined />} disabled={!ready} onClick={() => window.print()}>
        {say('print')}
      </Button>
    </span>
  );
}
