// Language and light.
import { BulbOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useSpeech } from '../text/text';
import { useLight } from './light';

export function Switches() {
  const { say, language, speak } = useSpeech();
  const { light, shine } = useLight();
  const dark = light === 'dark';
  return (
    <>
      <Button
        type="text"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => speak(language === 'zh' ? 'en' : 'zh')}
      >
        {language === 'zh' ? 'English' : '中文'}
      </Button>
      <Button
        type="text"
        icon={<BulbOutlined />}
        aria-label={say(dark ? 'make_light' : 'make_dark')}
        title={say(dark ? 'make_light' : 'make_dark')}
        onClick={() => shine(dark ? 'light' : 'dark')}
      />
    </>
  );
}
