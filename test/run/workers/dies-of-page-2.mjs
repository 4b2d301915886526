/** A worker for tests: its thread ends on any page with the number 2, and on the first try of a page with the number 3. */
import { existsSync, writeFileSync } from 'node:fs';

export default function mapPage(page) {
  if (page === undefined) return undefined;
  if (page.number === 2) process.exit(7);
  if (page.number === 3 && !existsSync(page.url)) {
    writeFileSync(page.url, 'tried');
    process.exit(8);
  }
  if (page.number === 4) throw new Error('page 4 is not to my taste');
  return { rows: [], keys: [], lines: new Uint8Array([page.number, page.answer.body.length]), ends: [] };
}
