// The frame of every page: who, where and which business day above; the divisions at the side.
import { Layout } from 'antd';
import { Suspense, lazy, useMemo, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useSpeech } from '../text/text';
import { useListening } from './listening';
import { Header } from './header';
import { SideMenu } from './side-menu';
import { Waiting } from './parts';
import { Search } from './search';
import { useWindow } from './session';
import { ShortcutList } from './shortcut-list';
import { useShortcuts } from './shortcuts';

const PasswordDialog = lazy(async () => {
  const { PasswordDialog: dialog } = await import('./password');
  return { default: dialog };
});
const Work = lazy(() => import('../work/work'));
const CustodyMap = lazy(() => import('../custody/map'));
const Place = lazy(() => import('../custody/place'));
const Thing = lazy(() => import('../custody/one-thing'));
const Square = lazy(() => import('../square/square'));
const Organisation = lazy(() => import('../organisation/organisation'));
const Operator = lazy(() => import('../organisation/operator'));
const Parameters = lazy(() => import('../parameters/list'));
const Parameter = lazy(() => import('../parameters/parameter'));
const RulebookList = lazy(() => import('../rulebook/list'));
const RulebookMatter = lazy(() => import('../rulebook/matter'));
const RulebookFile = lazy(() => import('../rulebook/file'));
const Coverage = lazy(() => import('../coverage/coverage'));
const MatterList = lazy(() => import('../matters/list'));
const NewMatter = lazy(() => import('../matters/new'));
const OpenMatter = lazy(() => import('../matters/open'));
const MatterPage = lazy(() => import('../matters/matter'));
const DivisionPage = lazy(() => import('../matters/division'));
const Accounts = lazy(() => import('../accounts/list'));
const Account = lazy(() => import('../accounts/account'));
const Entries = lazy(() => import('../entries/find'));
const NewEntry = lazy(() => import('../entries/new'));
const Entry = lazy(() => import('../entries/entry'));
const Desk = lazy(() => import('../day/desk'));
const Certificates = lazy(() => import('../day/certificates'));
const Certificate = lazy(() => import('../day/certificate'));
const Reports = lazy(() => import('../reports/list'));
const Book = lazy(() => import('../reports/book'));
const OfficeReport = lazy(() => import('../reports/office'));
const MatterByNumber = lazy(() => import('../matters/by-number'));
const AuditTrail = lazy(() => import('../audit/audit'));
const Cockpit = lazy(() => import('../cockpit/cockpit'));

type Dialog = 'search' | 'keys' | 'password' | null;

export function Frame() {
  const { say } = useSpeech();
  const { lock } = useWindow();
  const [, go] = useLocation();
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = () => setDialog(null);
  const deeds = useMemo(
    () => ({
      'Ctrl+K': () => setDialog('search'),
      'Ctrl+L': () => void lock(),
      'Alt+W': () => go('/'),
      'Alt+N': () => go('/matters/new'),
      '?': () => setDialog('keys'),
    }),
    [lock, go],
  );
  useShortcuts(deeds);
  useListening();
  return (
    <Layout style={{ minHeight: '100vh' }}>
      <a className="skip" href="#page">
        {say('skip_to_page')}
      </a>
      <Header show={setDialog} />
      <Layout>
        <Layout.Sider width={186} className="shell-sider" theme="light">
          <SideMenu />
        </Layout.Sider>
        <Layout.Content id="page" className="shell-body" tabIndex={-1} role="main">
          <Suspense fallback={<Waiting />}>
            <Pages />
          </Suspense>
        </Layout.Content>
      </Layout>
      <Search open={dialog === 'search'} close={close} />
      <ShortcutList open={dialog === 'keys'} close={close} />
      {dialog === 'password' && (
        <Suspense fallback={null}>
          <PasswordDialog open close={close} />
        </Suspense>
      )}
    </Layout>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/" component={Work} />
      <Route path="/custody" component={CustodyMap} />
      <Route path="/custody/place" component={Place} />
      <Route path="/custody/thing" component={Thing} />
      <Route path="/square" component={Square} />
      <Route path="/organisation" component={Organisation} />
      <Route path="/organisation/operator" component={Operator} />
      <Route path="/parameters" component={Parameters} />
      <Route path="/parameters/one" component={Parameter} />
      <Route path="/rulebook" component={RulebookList} />
      <Route path="/rulebook/file" component={RulebookFile} />
      <Route path="/rulebook/matters/:code">
        {({ code }) => <RulebookMatter key={code} code={code} />}
      </Route>
      <Route path="/coverage" component={Coverage} />
      <Route path="/matters" component={MatterList} />
      <Route path="/matters/new" component={NewMatter} />
      <Route path="/matters/new/:code">{({ code }) => <OpenMatter key={code} code={code} />}</Route>
      <Route path="/matters/:id">{({ id }) => <MatterPage key={id} id={Number(id)} />}</Route>
      <Route path="/divisions/:code">{({ code }) => <DivisionPage code={code} />}</Route>
      <Route path="/accounts" component={Accounts} />
      <Route path="/accounts/:number">{({ number }) => <Account number={number} />}</Route>
      <Route path="/entries" component={Entries} />
      <Route path="/entries/new" component={NewEntry} />
      <Route path="/entries/:entry">{({ entry }) => <Entry entry={Number(entry)} />}</Route>
      <Route path="/day" component={Desk} />
      <Route path="/day/certificates" component={Certificates} />
      <Route path="/day/certificates/:day">{({ day }) => <Certificate day={day} />}</Route>
      <Route path="/reports" component={Reports} />
      <Route path="/reports/office/:name">{({ name }) => <OfficeReport key={name} name={name} />}</Route>
      <Route path="/reports/:name">{({ name }) => <Book key={name} name={name} />}</Route>
      <Route path="/audit" component={AuditTrail} />
      <Route path="/cockpit" component={Cockpit} />
      <Route path="/matters/of/:number">
        {({ number }) => <MatterByNumber key={number} number={number} />}
      </Route>
      <Route>
        <Redirect to="/" replace />
      </Route>
    </Switch>
  );
}
