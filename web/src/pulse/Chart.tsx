import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useI18n } from '../i18n';
import { formatClock } from '../shared/time';
import type { SeriesName } from './series';
import { usePulseStore } from './store';

export interface ChartLine {
  name: SeriesName;
  label: string;
  /** Index into the palette. */
  color: number;
  dash?: number[];
  /** "y" on the left (default) or "y2" on the right. */
  scale?: 'y' | 'y2';
  format: (value: number) => string;
}

interface ChartProps {
  title: string;
  lines: ChartLine[];
  /** The smallest top of the left scale, so that a quiet series is not blown up to fill the chart. */
  yMin?: number;
  y2Min?: number;
}

// From Okabe and Ito's palette, told apart by people with any common colour blindness; darker on white, lighter on dark.
export const palettes = {
  light: ['#0072b2', '#b45f06', '#009e73', '#c2410c'],
  dark: ['#56b4e9', '#e69f00', '#2fc79b', '#f0855a'],
} as const;

const height = 190;
const windowSeconds = 900;

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Draws straight into a canvas from the store: a frame costs one setData and no React render. */
export function Chart({ title, lines, yMin = 1, y2Min = 1 }: ChartProps) {
  const { t, locale } = useI18n();
  const store = usePulseStore();
  const scheme = useComputedColorScheme('light');
  const host = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const values = useRef<(HTMLOutputElement | null)[]>([]);
  const linesRef = useRef(lines);
  linesRef.current = lines;
  const palette = palettes[scheme];
  const shape = lines.map((line) => `${line.name}:${line.label}`).join('|');

  useEffect(() => {
    const element = host.current!;
    const current = () => linesRef.current;
    const data = () => [store.series.times, ...current().map((line) => store.series.get(line.name))] as unknown as uPlot.AlignedData;
    const showValues = (index: number | null | undefined) => {
      const at = index ?? store.series.times.length - 1;
      current().forEach((line, i) => {
        const value = store.series.get(line.name)[at];
        const output = values.current[i];
        if (output) {
          output.textContent = value === null || value === undefined ? '–' : line.format(value);
        }
      });
    };
    const plot = new uPlot(
      chartOptions(element.clientWidth, current(), palette, yMin, y2Min, locale, {
        setCursor: (u) => {
          const index = u.cursor.idx;
          const second = index === null || index === undefined ? undefined : store.series.times[index];
          const box = tip.current!;
          box.hidden = second === undefined;
          if (second !== undefined) {
            box.textContent = formatClock(new Date(second * 1000), locale);
            box.style.left = `${Math.min(Math.max(u.over.offsetLeft + u.cursor.left!, 34), element.clientWidth - 34)}px`;
          }
          showValues(index);
        },
      }),
      data(),
      element,
    );
    const update = () => {
      plot.setData(data());
      showValues(plot.cursor.idx);
    };
    update();
    const unsubscribe = store.subscribe(update);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      unsubscribe();
      observer.disconnect();
      plot.destroy();
    };
  }, [store, palette, locale, shape, yMin, y2Min]);

  return (
    <figure className="panel chart">
      <figcaption>
        <h2>{title}</h2>
        {lines.map((line, index) => (
          <span className="legend" key={line.name}>
            <svg width="18" height="4" aria-hidden="true">
              <line
                x1="0" x2="18" y1="2" y2="2" stroke={palette[line.color]} strokeWidth="2.5" strokeDasharray={line.dash?.join(' ')}
              />
            </svg>
            {lines.length > 1 && line.label}
            <output ref={(node) => { values.current[index] = node; }} aria-live="off">–</output>
          </span>
        ))}
      </figcaption>
      <div className="plot" ref={host} role="img" aria-label={t('pulse.chartLabel', { title })}>
        <div className="plot-tip" ref={tip} hidden />
      </div>
    </figure>
  );
}

function chartOptions(
  width: number, lines: ChartLine[], palette: readonly string[], yMin: number, y2Min: number, locale: string,
    hooks: { setCursor: (u: uPlot) => void },
): uPlot.Options {
  const text = css('--mantine-color-dimmed');
  const grid = css('--iskra-grid');
  const font = '11px system-ui, sans-serif';
  const hasRight = lines.some((line) => line.scale === 'y2');
  const range = (least: number): uPlot.Range.Function => (_u, _min, max) => [0, Math.max((max ?? 0) * 1.1, least)];
  const axis = (scale: 'y' | 'y2'): uPlot.Axis => {
    const line = lines.find((candidate) => (candidate.scale ?? 'y') === scale)!;
    return {
      scale, side: scale === 'y' ? 3 : 1, stroke: text, font, size: 62, gap: 4,
      grid: { stroke: grid, width: 1, show: scale === 'y' }, ticks: { show: false },
      values: (_u, splits) => splits.map((value) => line.format(value)),
    };
  };
  return {
    width, height, legend: { show: false }, padding: [8, hasRight ? 0 : 8, 0, 0],
    cursor: { y: false, sync: { key: 'pulse' }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: {
        time: true,
        range: (_u, _min, max) => {
          // Before the first frame the axis shows the browser's time rather than 1970.
          const end = max ?? Date.now() / 1000;
          return [end - windowSeconds, end];
        },
      },
      y: { range: range(yMin) },
      ...(hasRight ? { y2: { range: range(y2Min) } } : {}),
    },
    axes: [
      {
        stroke: text, font, grid: { show: false }, ticks: { stroke: grid, size: 4 }, size: 26, space: 70,
        values: (_u, splits) => splits.map((second) => formatClock(new Date(second * 1000), locale).slice(0, 5)),
        incrs: [60, 180, 300, 600],
      },
      axis('y'),
      ...(hasRight ? [axis('y2')] : []),
    ],
    series: [
      {},
      ...lines.map((line): uPlot.Series => ({
        scale: line.scale ?? 'y', stroke: palette[line.color]!, width: 1.5, spanGaps: false, points: { show: false },
        ...(line.dash ? { dash: line.dash } : {}),
        ...(lines.length === 1 ? { fill: `${palette[line.color]!}22` } : {}),
      })),
    ],
    hooks: { setCursor: [hooks.setCursor] },
  };
}
