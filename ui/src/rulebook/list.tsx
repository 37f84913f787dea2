// 制度: the rulebook in force, file by file, and what the checker finds in it.
import { useQuery } from '@tanstack/react-query';
import { Alert, Select, Table, type TableColumnsType } from 'antd';
import { Link, useLocation, useSearch } from 'wouter';
import { about } from '../shell/asked';
import { DIVISIONS, areaOf, divisionOf } from '../shell/divisions';
import { Once, PageHead, Refusal } from '../shell/parts';
import { filtersIn, type Filters } from '../shell/filters';
import { Finder } from '../shell/finder';
import { useSpeech } from '../text/text';
import { Duties } from './duties';
import { kindTitle, standingTitle } from './file-kinds';
import { rulebook, type FileView, type Finding } from './questions';
import './rulebook.css';

export default function RulebookList() {
  const { say } = useSpeech();
  const found = useQuery(rulebook.whole);
  return (
    <>
      <PageHead title={say('page_rulebook')}>
        {found.data && (
          <span className="quiet">
            {say('rulebook_version')} <span className="number">{found.data.hash.slice(0, 12)}</span>
          </span>
        )}
        <span className="spring" />
        <Link href="/coverage">{say('page_coverage')}</Link>
      </PageHead>
      <Checked />
      <div className="panel">
        <Once of={found}>{({ files }) => <Files files={files} />}</Once>
      </div>
    </>
  );
}

/** The checker goes over the whole rulebook: that takes a moment, and nothing waits for it. */
function Checked() {
  const { say } = useSpeech();
  const { data, error } = useQuery(rulebook.check);
  if (error) return <Refusal error={error} />;
  if (!data) return null;
  if (data.length === 0) {
    return <Alert type="success" showIcon style={{ marginBottom: 12 }} title={say('check_sound')} />;
  }
  return <Findings findings={data} />;
}

function Findings({ findings }: { findings: Finding[] }) {
  const { say, name } = useSpeech();
  return (
    <section className="panel" aria-labelledby="findings">
      <h2 id="findings">
        <span className="word late">! {say('check_found', { n: findings.length })}</span>
      </h2>
      <Table
        size="small"
        rowKey={(one) => `${one.code} ${one.file} ${one.matter} ${one.zh}`}
        dataSource={findings}
        pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: say('code'), dataIndex: 'code', width: 110, className: 'number' },
          {
            title: say('rulebook_file'),
            width: 240,
            render: (_, one) => <Link href={about('/rulebook/file', 'of', one.file)}>{one.file}</Link>,
          },
          { title: say('finding'), render: (_, one) => name(one) },
          {
            title: say('shown_by'),
            render: (_, one) => <span className="quiet">{one.path.join(' → ')}</span>,
          },
        ]}
      />
    </section>
  );
}

function fits(file: FileView, { q = '', kind = '', division = '', standing = '' }: Filters): boolean {
  const text = [file.path, file.code, file.zh, file.en, ...file.serves, ...file.codes].join(' ').toLowerCase();
  return (
    text.includes(q.trim().toLowerCase()) &&
    (kind === '' || file.kind === kind) &&
    (standing === '' || file.standing === standing) &&
    (division === '' || divisionOf(file.path) === division)
  );
}

function Files({ files }: { files: FileView[] }) {
  const { say } = useSpeech();
  const search = useSearch();
  const [, go] = useLocation();
  // Of all kinds is a choice too, so that an empty one stands in the address.
  const filters: Filters = { kind: 'matter', ...filtersIn(search) };
  const put = (part: Filters) =>
    go(`/rulebook?${new URLSearchParams({ ...filters, ...part }).toString()}`, { replace: true });
  const shown = files.filter((file) => fits(file, filters));
  const select = (key: string, label: string, options: { value: string; label: string }[]) => (
    <Select
      allowClear
      style={{ width: 170 }}
      aria-label={label}
      placeholder={label}
      value={filters[key] === '' ? null : filters[key]}
      onChange={(value: string | null | undefined) => put({ [key]: value ?? '' })}
      options={options}
    />
  );
  const told = (list: string[], titled: typeof kindTitle) =>
    [...new Set(list)].map((value) => {
      const title = titled(value);
      return { value, label: title ? say(title) : value };
    });
  const divisions = DIVISIONS.filter((one) => files.some(({ path }) => one.areas.includes(areaOf(path))));
  return (
    <>
      <div className="filters">
        <Finder
          autoFocus
          width={280}
          label={say('find_file')}
          value={filters.q}
          find={(q) => put({ q })}
        />
        {select('kind', say('file_kind'), told(files.map((file) => file.kind), kindTitle))}
        {select(
          'division',
          say('division'),
          divisions.map((one) => ({ value: one.code, label: say(one.title) })),
        )}
        {select('standing', say('status'), told(files.map((file) => file.standing), standingTitle))}
        <span className="spring" />
        <span className="quiet">{say('rows_shown', { n: shown.length })}</span>
      </div>
      <Rows rows={shown} />
    </>
  );
}

function Rows({ rows }: { rows: FileView[] }) {
  const { say, name } = useSpeech();
  const word = (key: ReturnType<typeof kindTitle>, plain: string) => (key ? say(key) : plain);
  const columns: TableColumnsType<FileView> = [
    {
      title: say('title'),
      width: 230,
      render: (_, one) => (
        <Link
          href={
            one.kind === 'matter' ? `/rulebook/matters/${one.code}` : about('/rulebook/file', 'of', one.path)
          }
        >
          {name(one)}
        </Link>
      ),
    },
    { title: say('code'), dataIndex: 'code', width: 140, className: 'number' },
    { title: say('file_kind'), width: 110, render: (_, one) => word(kindTitle(one.kind), one.kind) },
    { title: say('why_so'), render: (_, one) => name(one.why) },
    {
      title: say('status'),
      width: 80,
      render: (_, one) => (
        <span className={one.standing === 'live' ? 'word done' : 'word off'}>
          {word(standingTitle(one.standing), one.standing)}
        </span>
      ),
    },
    { title: say('serves'), width: 150, render: (_, one) => <Duties rows={one.serves} /> },
  ];
  return (
    <Table
      size="small"
      rowKey="path"
      columns={columns}
      dataSource={rows}
      pagination={{ pageSize: 30, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 980 }}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}
