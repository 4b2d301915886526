import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import { changeRows, type ListPage } from './list-page.ts';

/** Spoils a page before it is sent. */
export type PageFault = (page: ListPage) => ListPage;

/** After each `pages` pages, back to the first of them. */
export function loop(pages: number): PageFault {
  return (page) => {
    const number = Math.floor(page.offset / page.size) + 1;
    if (number % pages !== 0 && page.next !== undefined) return page;
    const start = Math.max(0, page.offset - (pages - 1) * page.size);
    return { ...page, next: page.link({ offset: start, size: page.size, paused: false }) };
  };
}

export function foreignLink(port: number | undefined): PageFault {
  return (page) => ({ ...page, next: elsewhere(new URL(page.link(page)), port) });
}

/** The same address at another origin. */
export function elsewhere(url: URL, port: number | undefined): string {
  const origin = port === undefined ? 'https://elsewhere.example' : `http://127.0.0.1:${port}`;
  return `${origin}${url.pathname}${url.search}`;
}

export function emptyPages(): PageFault {
  return (page) => {
    if (page.paused) return page;
    return { ...page, rows: [], next: page.link({ ...page, paused: true }) };
  };
}

export function duplicateRows(n: number): PageFault {
  return (page) =>
    changeRows(page, (rows) => {
      const twice = rows.flatMap((row, at) => ((page.offset + at + 1) % n === 0 ? [row, row] : [row]));
      return page.after !== undefined && page.collection ? [page.collection.row(page.after.index), ...twice] : twice;
    });
}

export function wrongTypes(n: number): PageFault {
  return everyRow(n, (row, key) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, name === key ? value : wrongType(value)])),
  );
}

export function unknownEnums(n: number): PageFault {
  return everyRow(n, (row, _, enums) => {
    const changed = { ...row };
    for (const name of enums) {
      if (name in row) changed[name] = Array.isArray(row[name]) ? ['inventedTomorrow'] : 'inventedTomorrow';
    }
    return changed;
  });
}

export function missingKey(n: number): PageFault {
  return everyRow(n, (row, key) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== key)));
}

export function notObjects(n: number): PageFault {
  return everyRow(n, () => null);
}

export function bigField(megabytes: number): PageFault {
  return (page) => {
    const name = page.collection?.description.bigField;
    if (page.offset > 0 || name === undefined) return page;
    const text = 'x'.repeat(megabytes * 1_000_000);
    return changeRows(page, ([row, ...rest]) => (isJsonObject(row) ? [{ ...row, [name]: text }, ...rest] : rest));
  };
}

export function wrongShape(): PageFault {
  return (page) => ({ ...page, rows: {} });
}

type ChangeRow = (row: JsonObject, key: string | undefined, enums: readonly string[]) => JsonValue;

function everyRow(n: number, change: ChangeRow): PageFault {
  return (page) => {
    const { key, enums = [] } = page.collection?.description ?? {};
    return changeRows(page, (rows) =>
      rows.map((row, at) => ((page.offset + at + 1) % n === 0 && isJsonObject(row) ? change(row, key, enums) : row)),
    );
  };
}

function wrongType(value: JsonValue): JsonValue {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'number') return `about ${value}`;
  return Array.isArray(value) ? 'a list' : 12;
}
