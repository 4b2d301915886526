/** Names of streams: small letters, digits and single hyphens, each once. */
export function streamNamer(): (name: string) => string {
  const taken = new Map<string, number>();
  return (name) => {
    const slug = slugOf(name) ?? 'stream';
    const before = taken.get(slug) ?? 0;
    taken.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before + 1}`;
  };
}

/** `Sign-in Logs_CL` → `sign-in-logs-cl` */
export function slugOf(name: string): string | undefined {
  const slug = name
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  return slug === '' ? undefined : slug;
}
