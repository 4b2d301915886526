import type { Exchange } from './exchange.ts';
import { type Call, compilePath, readCall } from './match-path.ts';
import type { FamilyDescription, RouteDescription, SandboxDescription } from './sandbox-description.ts';

export type FoundRoute = {
  readonly name: string;
  readonly route: RouteDescription;
  readonly family: FamilyDescription;
  readonly call: Call;
};

/** The route a request is for, whatever its version and arguments. */
export function findRoute({ routes, families }: SandboxDescription, { url }: Exchange): FoundRoute | undefined {
  const call = readCall(url.pathname);
  if (call === undefined) return undefined;
  for (const [name, route] of Object.entries(routes)) {
    const family = families[route.family];
    if (family !== undefined && compilePath(route.path)(call.path) !== undefined) return { name, route, family, call };
  }
  return undefined;
}
