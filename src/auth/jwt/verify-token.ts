import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtProvider, Log } from '../../context.ts';
import { AttacheError, TokenExpiredError, UnauthenticatedError } from '../../errors.ts';

/**
 * Types of tokens for clients: none, an OpenID token, an access token. Others of the same issuer
 * have another purpose, such as ending a session.
 * https://www.rfc-editor.org/rfc/rfc8725#section-3.11
 */
const TYPES: readonly unknown[] = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];

/**
 * Checks the signature of a token and the claims that say where and when it is valid, and returns
 * its claims. Throws `UnauthenticatedError`, `TokenExpiredError` and
 * `IdentityProviderUnavailableError`.
 *
 * What the message reveals beyond "not valid" is said only of tokens with a valid signature.
 */
export async function verifyToken(
  token: string,
  provider: JwtProvider,
  options: { keyOf: JWTVerifyGetKey; now: Date; log: Log },
): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, options.keyOf, {
      algorithms: [...provider.algorithms],
      ...(provider.issuer === undefined ? {} : { issuer: provider.issuer }),
      ...(provider.audiences.length === 0 ? {} : { audience: [...provider.audiences] }),
      clockTolerance: provider.clockToleranceSeconds,
      currentDate: options.now,
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    if (!TYPES.includes(protectedHeader.typ?.toLowerCase())) throw new UnauthenticatedError(INVALID);
    return payload;
  } catch (error) {
    throw refusalOf(error, provider, options.log);
  }
}

const INVALID = 'The token is not valid here. Sign in again.';

function refusalOf(error: unknown, { issuer }: JwtProvider, log: Log): AttacheError {
  if (error instanceof AttacheError) return error;
  if (error instanceof errors.JWTExpired) return new TokenExpiredError();
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return new UnauthenticatedError('The token is for another audience.');
    if (error.claim === 'nbf') return new UnauthenticatedError('The token is not valid yet.');
    if (error.claim === 'exp')
      return new UnauthenticatedError('The token has no end, "exp". This server requires one.');
    if (error.claim === 'iat')
      return new UnauthenticatedError('The token has no time of issue, "iat". This server requires one.');
  }
  // Such as a key of the provider that cannot be used: its operator has to know, the client has
  // not.
  if (!(error instanceof errors.JOSEError)) log.warn({ err: error, issuer }, 'a token could not be verified');
  return new UnauthenticatedError(INVALID);
}
