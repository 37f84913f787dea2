// 附件: kept with the bank as soon as they are chosen; the form carries their digests.
import { DeleteOutlined, UploadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { answered, bank, type Schemas } from '../api/client';
import { Refusal } from '../shell/parts';
import { useSpeech } from '../text/text';
import type { Control } from './pickers';

export type Attached = Schemas['AttachmentView'];

/** As the bank takes them. */
const TAKEN = '.pdf,.ofd,.png,.jpg,.jpeg,.xlsx,.docx,.csv,.txt,.xml,.md,.toml';

async function keep(file: File): Promise<Attached> {
  const body = (await file.arrayBuffer()) as unknown as number[];
  return answered(
    bank.POST('/api/v1/attachments', {
      params: { query: { name: file.name } },
      headers: { 'Content-Type': 'application/octet-stream' },
      body,
      bodySerializer: (bytes: unknown) => bytes as BodyInit,
    }),
  );
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

export function Attachments({ id, value, onChange }: Control<Attached[]>) {
  const { say } = useSpeech();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const files = value ?? [];
  const add = async (chosen: FileList | null) => {
    if (!chosen || chosen.length === 0) return;
    setBusy(true);
    setError(null);
    try {
      const kept = await Promise.all([...chosen].map(keep));
      onChange?.([...files, ...kept]);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
      if (input.current) input.current.value = '';
    }
  };
  return (
    <div id={id} tabIndex={-1}>
      <Refusal error={error} />
      <input
        ref={input}
        type="file"
        multiple
        style={{ display: 'none' }}
        accept={TAKEN}
        aria-label={say('attach')}
        onChange={(event) => void add(event.target.files)}
      />
      <Button icon={<UploadOutlined />} loading={busy} onClick={() => input.current?.click()}>
        {say('attach')}
      </Button>
      <ul style={{ listStyle: 'none', margin: '6px 0 0', padding: 0 }}>
        {files.map((file) => (
          <li key={file.sha256}>
            {file.name} <span className="quiet">{size(file.bytes)}</span>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={`${say('remove_row')} ${file.name}`}
              onClick={() => onChange?.(files.filter((one) => one !== file))}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
