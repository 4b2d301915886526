import type { BenchReport } from './bench.ts';

/** A bar chart of what a bench measured, as an SVG of its own that can be read on a light and on a dark page. */
export function drawBench(report: Pick<BenchReport, 'at' | 'node' | 'machine' | 'mappings' | 'endToEnd'>): string {
  const panels = panelsOf(report);
  let y = 0;
  const drawn = panels.map((panel) => {
    const top = y;
    y += panelHeight(panel);
    return drawPanel(panel, top);
  });
  const height = y + 28;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(panels.map(inWords).join(' '))}</title>`,
    `<style>${style}</style>`,
    ...drawn,
    text(
      { x: margin, y: height - 10, class: 'note' },
      `${report.at.slice(0, 10)}, Node ${report.node.slice(1)}, ${report.machine}. Longer is faster.`,
    ),
    '</svg>',
    '',
  ].join('\n');
}

type Panel = { readonly title: string; readonly bars: readonly Bar[] };

type Bar = { readonly label: string; readonly perSecond: number; readonly kind: 'ours' | 'theirs' };

function panelsOf({ mappings, endToEnd }: Pick<BenchReport, 'mappings' | 'endToEnd'>): Panel[] {
  const { engine, withTwoWorkers, script, records } = endToEnd;
  return [
    ...mappings.map(
      ({ stream, byHand, compiled, interpreted }): Panel => ({
        title: `Mapping ${stream}, rows a second`,
        bars: [
          { label: 'hand-written JavaScript', perSecond: byHand.median, kind: 'theirs' },
          { label: 'Sluice, compiled', perSecond: compiled.median, kind: 'ours' },
          { label: 'JSONata interpreter', perSecond: interpreted.median, kind: 'theirs' },
        ],
      }),
    ),
    {
      title: 'Fetch to file, start included, records a second',
      bars: [
        { label: 'hand-written script, no checks', perSecond: records / script.wallSeconds.median, kind: 'theirs' },
        { label: 'Sluice, every record checked', perSecond: records / engine.wallSeconds.median, kind: 'ours' },
        { label: 'the same, two workers', perSecond: records / withTwoWorkers.wallSeconds.median, kind: 'ours' },
      ],
    },
  ];
}

const width = 720;
const margin = 16;
const barsFrom = 230;
const barsTo = width - 90;
const rowHeight = 24;

/** Greys and a blue that keep their contrast on white and on black; the page's own setting decides about the rest. */
const style = [
  'text { font: 13px system-ui, sans-serif; fill: #1f2328 }',
  '.title { font-weight: 600 } .note { font-size: 11px; fill: #59636e }',
  '.ours { fill: #1f6feb } .theirs { fill: #8b949e }',
  '@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .note { fill: #9198a1 } }',
].join(' ');

function panelHeight({ bars }: Panel): number {
  return 34 + bars.length * rowHeight + 8;
}

function drawPanel({ title, bars }: Panel, top: number): string {
  const longest = Math.max(...bars.map(({ perSecond }) => perSecond));
  const rows = bars.map(({ label, perSecond, kind }, index) => {
    const y = top + 36 + index * rowHeight;
    const length = Math.max(1, Math.round((perSecond / longest) * (barsTo - barsFrom)));
    return [
      text({ x: barsFrom - 10, y: y + 13, 'text-anchor': 'end' }, label),
      `<rect class="${kind}" x="${barsFrom}" y="${y}" width="${length}" height="18" rx="2"/>`,
      text({ x: barsFrom + length + 8, y: y + 13 }, inThousands(perSecond)),
    ].join('');
  });
  return [text({ x: margin, y: top + 24, class: 'title' }, title), ...rows].join('\n');
}

function inWords({ title, bars }: Panel): string {
  return `${title}: ${bars.map(({ label, perSecond }) => `${label} ${inThousands(perSecond)}`).join('; ')}.`;
}

function inThousands(figure: number): string {
  return `${(figure / 1000).toFixed(figure < 10_000 ? 1 : 0)}k`;
}

function text(attributes: { readonly [name: string]: string | number }, words: string): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  return `<text${written.join('')}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
