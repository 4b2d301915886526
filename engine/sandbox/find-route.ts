import type { Exchange } from './exchange.ts';
import { type Call, compilePath, type PathMatch, readCall } from './match-path.ts';
import type { FamilyDescription, RouteDescription, SandboxDescription } from './sandbox-description.ts';

export type FoundRoute = {
  readonly name: string;
  readonly route: RouteDescription;
  readonly family: FamilyDescription;
  readonly call: Call;
  /** The placeholders of its path. */
  readonly given: PathMatch;
};

/** The route a request is for, whatever its version and arguments: the plainest path that fits, by its method if it can be. */
export function findRoute({ routes, families }: SandboxDescription, exchange: Exchange): FoundRoute | undefined {
  const found = Object.entries(routes).flatMap(([name, route]): FoundRoute[] => {
    const family = families[route.family];
    const call = readCall(exchange.url.pathname, route.versions.length > 0);
    const given = call === undefined ? undefined : compilePath(route.path)(call.path);
    return family === undefined || call === undefined || given === undefined
      ? []
      : [{ name, route, family, call, given }];
  });
  const plainest = found.sort((a, b) => Object.keys(a.given).length - Object.keys(b.given).length);
  return plainest.find(({ route }) => route.method === exchange.method) ?? plainest[0];
}
