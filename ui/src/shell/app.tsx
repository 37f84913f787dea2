// The whole: language, light, the bank's answers, and then either the entrance or the workplace.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as Notices, ConfigProvider } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Refused, carry } from '../api/client';
import { SpeechContext, keepLanguage, keptLanguage, speech, type Language } from '../text/text';
import { zh } from '../text/zh';
import { LightContext } from './light';
import { keepLight, keptLight, themeOf } from './theme';
import { Workplace } from './workplace';

/** Only what may help is tried again: the bank's refusals stay what they are. */
function mayHelp(tries: number, error: unknown): boolean {
  return tries < 2 && error instanceof Refused && error.problem.again === 'later';
}

/** Two signs on a button stand as close as on any other. */
const UNSPACED = { autoInsertSpace: false };

const queries = new QueryClient({
  defaultOptions: { queries: { retry: mayHelp, staleTime: 2_000, refetchOnWindowFocus: false } },
});

type Spoken = typeof import('../text/english');

/** English is fetched by who speaks it; nothing is shown half in one and half in the other. */
function useLanguage() {
  const [language, setLanguage] = useState<Language>('zh');
  const [english, setEnglish] = useState<Spoken | null>(null);
  const [known, setKnown] = useState(() => keptLanguage() === 'zh');
  const speak = useCallback((next: Language) => {
    if (next === 'zh') {
      setLanguage('zh');
      return;
    }
    const fetched = (found: Spoken) => {
      setEnglish(found);
      setLanguage('en');
    };
    // Where it cannot be fetched, Chinese is better than an empty page.
    void import('../text/english').then(fetched, () => null).finally(() => setKnown(true));
  }, []);
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- it fetches what was chosen before, once
    if (keptLanguage() === 'en') speak('en');
  }, [speak]);
  const spoken = language === 'en' ? english : null;
  return {
    language,
    speak,
    known,
    catalogue: spoken?.en ?? zh,
    locale: spoken?.enUS ?? zhCN,
  };
}

export function App() {
  const { language, speak, known, catalogue, locale } = useLanguage();
  const [light, setLight] = useState(keptLight);
  useEffect(() => {
    carry({ language });
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en');
    document.title = catalogue.product;
  }, [language, catalogue]);
  useEffect(() => {
    document.documentElement.dataset.light = light;
  }, [light]);
  const spoken = useMemo(
    () =>
      speech(language, catalogue, (next) => {
        keepLanguage(next);
        carry({ language: next });
        speak(next);
      }),
    [language, catalogue, speak],
  );
  const lit = useMemo(() => {
    const shine = (next: typeof light) => {
      keepLight(next);
      setLight(next);
    };
    return { light, shine };
  }, [light]);
  const design = useMemo(() => themeOf(light), [light]);
  if (!known) return null;
  return (
    <SpeechContext value={spoken}>
      <LightContext value={lit}>
        <ConfigProvider locale={locale} theme={design} button={UNSPACED}>
          <QueryClientProvider client={queries}>
            <Notices>
              <Workplace />
            </Notices>
          </QueryClientProvider>
        </ConfigProvider>
      </LightContext>
    </SpeechContext>
  );
}
