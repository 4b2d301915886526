export type Token = {
  readonly value: string;
  readonly receivedAt: Date;
  readonly lifetimeSeconds: number;
  /** A new refresh token that came with it. */
  readonly refreshToken?: string;
};

export type TokenCache = {
  /** A token with some life left; asks for one if need be, once for all who wait. */
  current(): Promise<Token>;
  /** Forgets the token if it is this one. */
  drop(value: string): void;
  /** Every token there was. */
  values(): readonly string[];
};

const LONGEST_MARGIN_SECONDS = 300;
const MARGIN_OF_LIFETIME = 0.1;

export function createTokenCache(request: () => Promise<Token>, now: () => Date): TokenCache {
  const values: string[] = [];
  let token: Token | undefined;
  let inFlight: Promise<Token> | undefined;

  async function renew(): Promise<Token> {
    try {
      token = await request();
      values.push(token.value);
      return token;
    } finally {
      inFlight = undefined;
    }
  }

  return {
    async current() {
      if (token !== undefined && now() < renewalOf(token)) return token;
      inFlight ??= renew();
      return inFlight;
    },
    drop(value) {
      if (token?.value === value) token = undefined;
    },
    values: () => values,
  };
}

/** Early enough that no request leaves with a token that dies on the way. */
function renewalOf({ receivedAt, lifetimeSeconds }: Token): Date {
  const margin = Math.min(LONGEST_MARGIN_SECONDS, lifetimeSeconds * MARGIN_OF_LIFETIME);
  return new Date(receivedAt.getTime() + (lifetimeSeconds - margin) * 1000);
}
