// 机构与岗位: who is where, what posts there are and which stay apart, who may do what. Which of them
// is looked at stands in the address.
import { Tabs } from 'antd';
import { useLocation } from 'wouter';
import { useFilters, type Filters, type Put } from '../shell/filters';
import { PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';
import { Matrix } from './matrix';
import { People } from './people';
import { Posts } from './posts';
import { WhoMay } from './who';
import './organisation.css';

export interface TabProps {
  filters: Filters;
  put: Put;
}

export default function Organisation() {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const { filters, put } = useFilters('/organisation');
  const tab = { filters, put };
  return (
    <>
      <PageHead title={say('page_organisation')} />
      <Tabs
        activeKey={filters.tab ?? 'people'}
        onChange={(key) => go(`/organisation?tab=${key}`)}
        destroyOnHidden
        items={[
          { key: 'people', label: say('tab_people'), children: <People {...tab} /> },
          { key: 'posts', label: say('tab_posts'), children: <Posts /> },
          { key: 'rights', label: say('tab_rights'), children: <Matrix {...tab} /> },
          { key: 'who', label: say('tab_who'), children: <WhoMay {...tab} /> },
        ]}
      />
    </>
  );
}
