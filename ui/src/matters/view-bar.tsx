// The saved views above a list: one click shows one, another forgets it.
import { CloseOutlined, SaveOutlined } from '@ant-design/icons';
import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { keepViews, keptViews, withView, type View } from './views';

interface Props {
  /** What is shown now, as it would be saved. */
  now: Omit<View, 'name'>;
  show: (view: View) => void;
}

export function ViewBar({ now, show }: Props) {
  const { say } = useSpeech();
  const { operator } = useSession();
  const [views, setViews] = useState(() => keptViews(operator));
  const keep = (next: View[]) => {
    keepViews(operator, next);
    setViews(next);
  };
  return (
    <div className="bar views" role="group" aria-label={say('views')}>
      {views.map((view) => (
        <span key={view.name} className="view">
          <button type="button" aria-pressed={view.search === now.search} onClick={() => show(view)}>
            {view.name}
          </button>
          <button
            type="button"
            aria-label={say('forget_view', { name: view.name })}
            title={say('forget_view', { name: view.name })}
            onClick={() => keep(views.filter((one) => one !== view))}
          >
            <CloseOutlined style={{ fontSize: 10 }} />
          </button>
        </span>
      ))}
      <Save save={(name) => keep(withView(views, { ...now, name }))} />
    </div>
  );
}

function Save({ save }: { save: (name: string) => void }) {
  const { say } = useSpeech();
  const [open, setOpen] = useState(false);
  const named = (name: string) => {
    if (name.trim() === '') return;
    save(name.trim());
    setOpen(false);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      destroyOnHidden
      content={
        <Input.Search
          autoFocus
          maxLength={20}
          style={{ width: 240 }}
          aria-label={say('name_of_view')}
          placeholder={say('name_of_view')}
          enterButton={say('save_view')}
          onSearch={named}
        />
      }
    >
      <Button size="small" type="text" icon={<SaveOutlined />}>
        {say('save_as_view')}
      </Button>
    </Popover>
  );
}
