import jsonata from 'jsonata';
import type { ExpressionError } from './expression-error.ts';

/** The words the package has for an error: the same as the interpreter's. */
export function messageOf({ code, position, token, message, details }: ExpressionError): string {
  const fields: { readonly [name: string]: unknown } = { ...details, message, code, position, token };
  const template = templates.get(code) ?? code;
  return template.replaceAll(/"«(\w+)»"|«(\w+)»/g, (_, quoted: string | undefined, bare: string | undefined) =>
    quoted === undefined ? String(fields[bare ?? '']) : JSON.stringify(fields[quoted]),
  );
}

const codes = [
  ...['T0410', 'T0411', 'T0412', 'D1001', 'D1002', 'T1003', 'D1004', 'T1005', 'T1006', 'T1007', 'T1008', 'D1009'],
  ...['T1010', 'D1013', 'T2001', 'T2002', 'T2003', 'T2004', 'T2006', 'T2007', 'T2008', 'T2009', 'T2010', 'T2011'],
  ...['T2012', 'D2014', 'D3001', 'D3010', 'D3011', 'D3012', 'D3020', 'D3030', 'D3040', 'D3050', 'D3060', 'D3061'],
  ...['D3070', 'D3080', 'D3081', 'D3082', 'D3083', 'D3084', 'D3085', 'D3086', 'D3087', 'D3088', 'D3089', 'D3090'],
  ...['D3091', 'D3092', 'D3093', 'D3100', 'D3110', 'D3130', 'D3131', 'D3132', 'D3133', 'D3134', 'D3135', 'D3136'],
  ...['D3137', 'D3138', 'D3139', 'D3140', 'D3141'],
];

const fieldNames = ['token', 'value', 'value2', 'index', 'type', 'exp', 'functionName', 'message'];

/** The package keeps its messages to itself, but puts the fields of any error it meets into them. */
const templates: ReadonlyMap<string, string> = await readTemplates();

async function readTemplates(): Promise<Map<string, string>> {
  const marked = Object.fromEntries(fieldNames.map((name) => [name, `«${name}»`]));
  const raise = jsonata('$raise()');
  const found = new Map<string, string>();
  for (const code of codes) {
    const error: { code: string; message?: string } = { ...marked, code };
    raise.registerFunction('raise', () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- this is how the package's own errors look
      throw error;
    });
    // The package writes the message into the very object.
    await Promise.resolve(raise.evaluate({})).catch(() => undefined);
    found.set(code, error.message ?? code);
  }
  return found;
}
