// The whole: language, light, the bank's answers, and then either the entrance or the workplace.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as Notices, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useEffect, useMemo, useState } from 'react';
import { Refused, carry } from '../api/client';
import { SpeechContext, keepLanguage, keptLanguage, speech, type Language } from '../text/text';
import { zh, type TextKey } from '../text/zh';
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

interface Spoken {
  language: Language;
  catalogue: Record<TextKey, string>;
}

/** Most never ask for English, so its sentences come when somebody does. */
async function spokenIn(language: Language): Promise<Spoken> {
  if (language === 'zh') return { language, catalogue: zh };
  const { en } = await import('../text/en');
  return { language, catalogue: en };
}

const CHINESE: Spoken = { language: 'zh', catalogue: zh };

export function App() {
  const [words, setWords] = useState(() => (keptLanguage() === 'zh' ? CHINESE : null));
  useEffect(() => {
    if (keptLanguage() === 'en') void spokenIn('en').then(setWords);
  }, []);
  // Pages stay as they are until the other language is there: nothing that was typed is lost.
  return words && <Whole words={words} speak={(next) => void spokenIn(next).then(setWords)} />;
}

function Whole({ words, speak }: { words: Spoken; speak: (language: Language) => void }) {
  const { language, catalogue } = words;
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
  return (
    <SpeechContext value={spoken}>
      <LightContext value={lit}>
        <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={design} button={UNSPACED}>
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
