/** Who has signed in at an OpenID provider. */
export interface OpenIdCredentials {
  kind: 'openid';
  issuer: string;
  /** The token for this server: the access token or the ID token. */
  token: string;
  /** When it is renewed and when it ends, in milliseconds since 1970 by the clock of the browser. */
  renewAt: number;
  expiresAt: number;
  /** Undefined where the provider gives none: then the session ends with the token. */
  refreshToken: string | undefined;
  /** Names the session of the provider at sign-out. */
  idToken: string | undefined;
}
