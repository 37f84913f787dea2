// 签到, by number and password or where a provider vouches. A demonstration lists who there is to be.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import { answered, bank, type Schemas } from '../api/client';
import { questions } from '../api/questions';
import { useSpeech } from '../text/text';
import type { Session } from './session';
import SignInForm, { type Proof } from './sign-in-form';
import { Switches } from './switches';

type Person = Schemas['DemonstrationOperator'];

export default function Entrance({ entered }: { entered: (session: Session) => void }) {
  const { say, name } = useSpeech();
  const { data: demonstration } = useQuery(questions.demonstration);
  const [picked, setPicked] = useState<Proof | null>(null);
  const prove = async (proof: Proof) => {
    entered(await answered(bank.POST('/api/v1/session', { body: proof })));
  };
  const title = demonstration
    ? name({ zh: demonstration.bank_zh, en: demonstration.bank_en })
    : say('product');
  return (
    <main className={demonstration ? 'entrance' : 'entrance alone'}>
      <div className="entrance-card">
        <div style={{ display: 'flex', gap: 12, alignItems: 'center', marginBottom: 20 }}>
          <span className="mark" aria-hidden="true">
            票
          </span>
          <div>
            <h1>{title}</h1>
            <div className="quiet">{say('product_long')}</div>
          </div>
        </div>
        <SignInForm submit={say('sign_in')} prove={prove} picked={picked}>
          <SingleSignOn />
        </SignInForm>
        <div style={{ marginTop: 18, display: 'flex', gap: 8 }}>
          <Switches />
        </div>
      </div>
      {demonstration && (
        <People
          people={demonstration.operators}
          pick={(operator) => setPicked({ operator, password: demonstration.password })}
          password={demonstration.password}
        />
      )}
    </main>
  );
}

/** The way through the bank's provider, where it has one, and why it led nowhere just now. */
function SingleSignOn() {
  const { say, name } = useSpeech();
  const { data: ways } = useQuery(questions.ways);
  const oidc = ways?.oidc;
  if (!oidc) return null;
  const code = new URLSearchParams(location.search).get('oidc');
  const said = oidc.refusals.find((refusal) => refusal.code === code);
  // Whoever was led back here with a refusal had no page to go back to.
  const back = code === null ? location.pathname + location.search : '/';
  return (
    <div style={{ marginTop: 12 }}>
      <Button
        block
        size="large"
        href={`/api/v1/session/oidc?back=${encodeURIComponent(back)}`}
      >
        {name({ zh: oidc.title_zh, en: oidc.title_en })}
      </Button>
      {code !== null && (
        <Alert
          role="alert"
          type="error"
          showIcon
          style={{ marginTop: 12 }}
          title={said ? name(said) : say('failed')}
          description={said?.code}
        />
      )}
    </div>
  );
}

interface PeopleProps {
  people: Person[];
  password: string;
  pick: (operator: string) => void;
}

function People({ people, password, pick }: PeopleProps) {
  const { say, name } = useSpeech();
  const [wanted, setWanted] = useState('');
  const shown = useMemo(() => {
    const text = (one: Person) =>
      [one.operator, one.name, one.institution, ...one.posts.flatMap((post) => [post.zh, post.en])]
        .join(' ')
        .toLowerCase();
    return people.filter((one) => text(one).includes(wanted.trim().toLowerCase()));
  }, [people, wanted]);
  return (
    <section className="entrance-list" aria-labelledby="people" tabIndex={0}>
      <h2 id="people">{say('demonstration_people')}</h2>
      <p className="quiet" style={{ margin: '0 0 10px' }}>
        {say('demonstration_hint', { password })}
      </p>
      <Input
        allowClear
        aria-label={say('find_people')}
        placeholder={say('find_people')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        style={{ marginBottom: 6 }}
      />
      <table className="grid">
        <thead>
          <tr>
            <th>{say('operator')}</th>
            <th>{say('posts')}</th>
            <th>{say('institution')}</th>
            <th>
              <span className="skip">{say('sign_in')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.operator}>
              <td className="still">
                {one.name} <span className="quiet">{one.operator}</span>
              </td>
              <td className="still">{one.posts.map((post) => name(post)).join('、')}</td>
              <td className="still">
                {one.institution} {name({ zh: one.institution_zh, en: one.institution_en })}
              </td>
              <td className="figure">
                <Button size="small" onClick={() => pick(one.operator)}>
                  {say('choose')}
                  <span className="skip">{one.operator}</span>
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
