import { fileURLToPath, pathToFileURL } from 'node:url';

/** The path of a document; `undefined` for one that lies in no file, such as `untitled:`. */
export function pathOfUri(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

export function uriOfPath(path: string): string {
  return pathToFileURL(path).href;
}
