// The chart itself: ECharts with what is drawn here and no more, in the page's own colours. Bars carry
// patterns too, so that nobody need tell colours apart.
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use as take } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useLight } from '../shell/light';
import { useSpeech, type Language } from '../text/text';
import type { Picture } from './picture';

take([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export interface Look {
  kind: 'bar' | 'line';
  /** Names at the side, bars across: for many or long names. */
  across?: boolean;
  stacked?: boolean;
}

type Colours = (name: string) => string;

function optionOf(picture: Picture, look: Look, colour: Colours, language: Language) {
  // 万 and 亿, or K and M: as the books of each language speak of long figures.
  const short = new Intl.NumberFormat(language, { notation: 'compact' });
  const quiet = colour('--quiet');
  const names = {
    type: 'category' as const,
    data: picture.labels,
    inverse: look.across === true,
    axisLabel: { color: quiet, width: 110, overflow: 'truncate' as const },
    axisLine: { lineStyle: { color: colour('--line') } },
    axisTick: { show: false },
  };
  const values = {
    type: 'value' as const,
    minInterval: 1,
    axisLabel: { color: quiet, formatter: (value: number) => short.format(value) },
    splitLine: { lineStyle: { color: colour('--line') } },
  };
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: false }, decal: { show: picture.bars.length > 1 } },
    color: [colour('--now'), colour('--late'), colour('--done')],
    // Widths are measured before it is drawn, so the letters must be named.
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 24, top: picture.bars.length > 1 ? 32 : 12, bottom: 4, containLabel: true },
    legend: { show: picture.bars.length > 1, top: 0, textStyle: { color: colour('--ink') } },
    tooltip: { trigger: 'axis' as const, confine: true, renderMode: 'richText' as const },
    xAxis: look.across ? values : names,
    yAxis: look.across ? names : values,
    series: picture.bars.map((bars) => ({
      type: look.kind,
      name: bars.name,
      data: bars.drawn,
      barMaxWidth: 26,
      ...(look.stacked ? { stack: 'all' } : {}),
    })),
  };
}

export default function Chart({ picture, look, said }: { picture: Picture; look: Look; said: string }) {
  const box = useRef<HTMLDivElement>(null);
  const { light } = useLight();
  const { language } = useSpeech();
  useEffect(() => {
    if (!box.current) return;
    const chart = init(box.current, null, { renderer: 'svg' });
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    chart.setOption(optionOf(picture, look, colour, language));
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
    // The colours stand in the page and change with its light.
  }, [picture, look, light, language]);
  return <div ref={box} className="cockpit-chart" role="img" aria-label={said} />;
}
