// Bank, institution, operator, business date and phase: always in sight.
import {
  ApiOutlined,
  DownOutlined,
  LockOutlined,
  QuestionCircleOutlined,
  SearchOutlined,
} from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Layout } from 'antd';
import { Link } from 'wouter';
import { answered, bank } from '../api/client';
import { news } from '../api/news';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import { useWindow } from './session';
import { Switches } from './switches';

const PHASES: Record<string, TextKey> = {
  open: 'phase_open',
  closing: 'phase_closing',
  closed: 'phase_closed',
};

export function Header({ show }: { show: (dialog: 'search' | 'keys' | 'password') => void }) {
  const { say, name } = useSpeech();
  const { session, lock } = useWindow();
  return (
    <Layout.Header className="shell-head">
      <Link href="/" className="mark" aria-label={say('product')}>
        票
      </Link>
      <span className="shell-bank">{name({ zh: session.bank_zh, en: session.bank_en })}</span>
      <Day />
      <span className="spring" />
      <Button icon={<SearchOutlined />} onClick={() => show('search')}>
        {say('search')} <kbd>Ctrl K</kbd>
      </Button>
      <Switches />
      <Button
        type="text"
        icon={<QuestionCircleOutlined />}
        aria-label={say('shortcuts')}
        title={say('shortcuts')}
        onClick={() => show('keys')}
      />
      <Button
        type="text"
        icon={<ApiOutlined />}
        aria-label={say('interface_docs')}
        title={say('interface_docs')}
        href="/api/docs"
        target="_blank"
      />
      <Button
        type="text"
        icon={<LockOutlined />}
        aria-label={say('lock')}
        title={say('lock')}
        onClick={() => void lock()}
      />
      <Person show={show} />
    </Layout.Header>
  );
}

/** The day and its phase move while one works, so they are asked for anew. */
function Day() {
  const { say } = useSpeech();
  const { session } = useWindow();
  const { data } = useQuery({
    queryKey: ['session'],
    queryFn: () => answered(bank.GET('/api/v1/session')),
    ...news,
    refetchInterval: 60_000,
  });
  const { business_date, phase } = data ?? session;
  const key = PHASES[phase] ?? 'phase_closed';
  return (
    <>
      <span className="shell-fact">
        <span className="quiet">{say('business_date')}</span>
        <strong className="number">{business_date}</strong>
      </span>
      <span className={phase === 'open' ? 'word done' : 'word soon'}>{say(key)}</span>
    </>
  );
}

function Person({ show }: { show: (dialog: 'password') => void }) {
  const { say, name } = useSpeech();
  const { session, signOut } = useWindow();
  const at = name({ zh: session.institution_zh, en: session.institution_en });
  const posts = session.posts.map((post) => name(post)).join('、');
  const items = [
    { key: 'posts', label: posts || say('no_posts'), disabled: true },
    { type: 'divider' as const },
    { key: 'password', label: say('change_password') },
    { key: 'out', label: say('sign_out') },
  ];
  const chosen = ({ key }: { key: string }) => {
    if (key === 'password') show('password');
    if (key === 'out') void signOut();
  };
  return (
    <Dropdown menu={{ items, onClick: chosen }} trigger={['click']}>
      <Button type="text" style={{ height: 40 }}>
        <span style={{ textAlign: 'right', lineHeight: 1.25, display: 'inline-block' }}>
          <span style={{ display: 'block' }}>
            {session.name} <span className="quiet">{session.operator}</span>
          </span>
          <span className="quiet" style={{ display: 'block', fontSize: 12 }}>
            {session.institution} {at}
          </span>
        </span>
        <DownOutlined style={{ fontSize: 10 }} />
      </Button>
    </Dropdown>
  );
}
