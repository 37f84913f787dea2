// 凭证查询: by its number.
import { Input } from 'antd';
import { useLocation } from 'wouter';
import { PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';

export default function FindEntry() {
  const { say } = useSpeech();
  const [, go] = useLocation();
  return (
    <>
      <PageHead title={say('page_entries')} />
      <div className="panel">
        <Input.Search
          autoFocus
          style={{ maxWidth: 320 }}
          inputMode="numeric"
          enterButton
          aria-label={say('entry_number')}
          placeholder={say('entry_number')}
          onSearch={(text) => {
            const number = text.replace(/\D/g, '');
            if (number) go(`/entries/${number}`);
          }}
        />
      </div>
    </>
  );
}
