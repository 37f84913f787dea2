// Calm and dense: one ink blue for what can be done, a seal's red for the bank's mark alone, figures
// of one width. Every text colour keeps the contrast that WCAG AA asks for on its ground.
import { theme, type ThemeConfig } from 'antd';

export type Light = 'light' | 'dark';

const KEPT = 'piaohao.light';

export function keptLight(): Light {
  const kept = localStorage.getItem(KEPT);
  if (kept === 'light' || kept === 'dark') return kept;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function keepLight(light: Light): void {
  localStorage.setItem(KEPT, light);
}

const FONT =
  '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif';

const shape = {
  fontFamily: FONT,
  // The compact form takes two off.
  fontSize: 16,
  borderRadius: 3,
  controlHeight: 32,
  wireframe: false,
  motionDurationMid: '0.1s',
  motionDurationSlow: '0.15s',
};

export function themeOf(light: Light): ThemeConfig {
  const dark = light === 'dark';
  return {
    algorithm: dark
      ? [theme.darkAlgorithm, theme.compactAlgorithm]
      : [theme.defaultAlgorithm, theme.compactAlgorithm],
    token: {
      ...shape,
      controlHeightSM: 24,
      colorPrimary: dark ? '#2f6fb0' : '#1c5a99',
      colorPrimaryHover: dark ? '#3877b6' : '#174a7e',
      colorLink: dark ? '#7fb5ea' : '#1c5a99',
      colorLinkHover: dark ? '#a9cef3' : '#123f6d',
      colorError: dark ? '#ff7a75' : '#b42318',
      colorWarning: dark ? '#e0a53a' : '#8f5b00',
      colorSuccess: dark ? '#6cc08b' : '#1f7a43',
      colorErrorBg: dark ? '#3a2120' : '#fdf0ee',
      colorErrorBorder: dark ? '#6b3330' : '#efc5c0',
      colorWarningBg: dark ? '#36290f' : '#fdf5e4',
      colorWarningBorder: dark ? '#65501f' : '#ecd9a8',
      colorSuccessBg: dark ? '#1a3023' : '#edf7f0',
      colorSuccessBorder: dark ? '#2f5a41' : '#b9dcc6',
      colorBgLayout: dark ? '#14181d' : '#f1f3f6',
      colorBgContainer: dark ? '#1c2127' : '#ffffff',
      colorBorder: dark ? '#46505b' : '#c3cbd5',
      colorBorderSecondary: dark ? '#2c343c' : '#e3e7ec',
      colorText: dark ? '#e4e8ed' : '#1d2530',
      colorTextSecondary: dark ? '#b3bcc7' : '#4a5665',
      colorTextTertiary: dark ? '#a0abb8' : '#56616f',
      colorTextQuaternary: dark ? '#97a2af' : '#616c7a',
      colorTextPlaceholder: dark ? '#97a2af' : '#68737f',
      colorTextDescription: dark ? '#a8b2be' : '#56616f',
    },
    components: {
      Layout: {
        headerBg: dark ? '#1c2127' : '#ffffff',
        siderBg: dark ? '#1c2127' : '#ffffff',
        headerHeight: 48,
        headerPadding: '0 16px',
      },
      Menu: {
        itemHeight: 32,
        itemBorderRadius: 2,
        itemMarginInline: 6,
        itemMarginBlock: 1,
        itemSelectedBg: dark ? '#1b2f45' : '#e3edf8',
        itemSelectedColor: dark ? '#9cc6f0' : '#123f6d',
        subMenuItemSelectedColor: dark ? '#9cc6f0' : '#123f6d',
      },
      Table: {
        headerBg: dark ? '#232a31' : '#f5f7f9',
        headerColor: dark ? '#b3bcc7' : '#3c4856',
        headerSplitColor: 'transparent',
        cellPaddingBlockSM: 6,
      },
      Tabs: {
        itemSelectedColor: dark ? '#9cc6f0' : '#1c5a99',
        itemHoverColor: dark ? '#9cc6f0' : '#174a7e',
      },
      Pagination: { itemActiveColor: dark ? '#9cc6f0' : '#1c5a99' },
      Form: { itemMarginBottom: 14, labelColor: dark ? '#b3bcc7' : '#3c4856' },
      Button: { primaryShadow: 'none', defaultShadow: 'none' },
    },
  };
}
