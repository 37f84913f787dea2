// 账户查询, by number, name, institution, kind, subject and status; the filters stand in the address.
import { useQuery } from '@tanstack/react-query';
import { Input, Select, Table, type TableColumnsType } from 'antd';
import { useMemo } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { Schemas } from '../api/client';
import { questions, type AccountQuery } from '../api/questions';
import { grouped } from '../form/amount';
import { useChoices, useNames } from '../form/names';
import { Once, PageHead, PageTurner } from '../shell/parts';
import { useSpeech } from '../text/text';
import { accountAt } from './address';
import { AccountStatus } from './status';
import { STATUSES, statusTitle } from './words';

type Filters = Record<string, string>;
type Head = Schemas['AccountHead'];

function asked({ cursor, ...rest }: Filters): AccountQuery {
  return { ...rest, limit: 50, ...(cursor ? { cursor: Number(cursor) } : {}) };
}

export default function Accounts() {
  const { say } = useSpeech();
  const search = useSearch();
  const [, go] = useLocation();
  const filters = useMemo<Filters>(() => Object.fromEntries(new URLSearchParams(search)), [search]);
  const page = useQuery(questions.accounts(asked(filters)));
  const put = (part: Filters) => {
    const next = Object.entries({ ...filters, cursor: '', ...part }).filter(([, value]) => value);
    go(`/accounts?${new URLSearchParams(next).toString()}`, { replace: !part.cursor });
  };
  return (
    <>
      <PageHead title={say('page_accounts')} />
      <div className="panel">
        <FilterBar filters={filters} put={put} />
        <Once of={page}>
          {({ accounts, cursor }) => (
            <>
              <Rows rows={accounts} />
              <PageTurner
                shown={accounts.length}
                isFirst={!filters.cursor}
                next={cursor}
                turn={(cursor) => put({ cursor })}
              />
            </>
          )}
        </Once>
      </div>
    </>
  );
}

function FilterBar({ filters, put }: { filters: Filters; put: (part: Filters) => void }) {
  const { say, name } = useSpeech();
  const { institutions, account_kinds } = useChoices();
  const select = (key: string, label: string, options: { value: string; label: string }[]) => (
    <Select
      allowClear
      style={{ width: 190 }}
      aria-label={label}
      placeholder={label}
      value={filters[key]}
      onChange={(value: string | undefined) => put({ [key]: value ?? '' })}
      options={options}
      showSearch={{ optionFilterProp: 'label' }}
    />
  );
  return (
    <div className="filters">
      <Input.Search
        key={filters.q ?? ''}
        allowClear
        autoFocus
        style={{ width: 280 }}
        aria-label={say('account_hint')}
        placeholder={say('account_hint')}
        defaultValue={filters.q}
        onSearch={(q) => put({ q: q.trim() })}
      />
      {select(
        'institution',
        say('institution'),
        institutions.map((one) => ({ value: one.code, label: `${one.code} ${name(one.title)}` })),
      )}
      {select(
        'kind',
        say('account_kind'),
        account_kinds.map((one) => ({ value: one.code, label: name(one.title) })),
      )}
      {select(
        'status',
        say('status'),
        STATUSES.map((one) => ({ value: one, label: say(statusTitle(one) ?? 'status') })),
      )}
      <Input.Search
        key={`subject-${filters.subject ?? ''}`}
        allowClear
        style={{ width: 150 }}
        aria-label={say('subject')}
        placeholder={say('subject')}
        defaultValue={filters.subject}
        onSearch={(subject) => put({ subject: subject.trim() })}
      />
    </div>
  );
}

function Rows({ rows }: { rows: Head[] }) {
  const { say } = useSpeech();
  const names = useNames();
  const columns: TableColumnsType<Head> = [
    {
      title: say('account_number'),
      dataIndex: 'number',
      width: 210,
      render: (number: string) => (
        <Link href={accountAt(number)} className="number">
          {number}
        </Link>
      ),
    },
    { title: say('account_name'), dataIndex: 'name', ellipsis: true },
    { title: say('account_kind'), render: (_, one) => names.accountKind(one.kind), ellipsis: true },
    { title: say('subject'), dataIndex: 'subject', width: 100, className: 'number' },
    {
      title: say('institution'),
      width: 150,
      ellipsis: true,
      render: (_, one) => `${one.institution} ${names.institution(one.institution)}`,
    },
    { title: say('status'), width: 90, render: (_, one) => <AccountStatus status={one.status} /> },
    { title: say('unit'), dataIndex: 'unit', width: 64 },
    {
      title: say('side'),
      width: 50,
      render: (_, one) => say(one.side === 'debit' ? 'debit' : 'credit'),
    },
    {
      title: say('balance'),
      width: 150,
      className: 'number',
      align: 'right',
      render: (_, one) => grouped(one.balance),
    },
  ];
  return (
    <Table
      size="small"
      rowKey="number"
      columns={columns}
      dataSource={rows}
      pagination={false}
      scroll={{ x: 1080 }}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}
