import type { FastifyInstance, FastifyRequest } from 'fastify';
import { accountOf, GUEST_VIEWER, type Guest, isShareToken, isUploadToken } from '../../auth/guest.ts';
import type { Log } from '../../context.ts';
import type { Authentication } from '../authentication.ts';
import { keyInHeader } from '../credentials.ts';
import type { GuestAuthentication } from '../guest-authentication.ts';
import { hijack, respondWithError } from '../hijack.ts';
import type { HttpBudgets } from '../request-budgets.ts';
import type { SendPage } from '../static/serve-web.ts';
import { graphQLErrorResponse, handleGraphQL } from './handler.ts';
import type { GraphQLOptions, GraphQLServer, OperationContext } from './options.ts';

interface RouteOptions {
  graphql: GraphQLServer;
  graphqlOptions: GraphQLOptions;
  authentication: Authentication;
  guests: GuestAuthentication;
  budgets: HttpBudgets;
  sendPage: SendPage;
  log: Log;
}

/** Who sent an operation. */
type Caller = Pick<OperationContext, 'viewer' | 'guest' | 'userId'>;

const guestCaller = (guest: Guest): Caller => ({
  ...{ viewer: GUEST_VIEWER, guest },
  userId: accountOf(guest.creator).userId,
});

/** Serves GraphQL, and GraphiQL for browsers, at `/graphql`. */
export function serveGraphQL(
  app: FastifyInstance,
  { graphql, graphqlOptions, authentication, guests, budgets, sendPage, log }: RouteOptions,
): void {
  const callerOf = async ({ raw, headers }: FastifyRequest): Promise<Caller> => {
    const key = keyInHeader(headers);
    if (isUploadToken(key)) return guestCaller(await guests.uploadGuestOf(raw, key));
    if (isShareToken(key)) return guestCaller(await guests.shareGuestOf(raw, key));
    const viewer = await authentication.authenticate(raw, key);
    return { viewer, userId: viewer.userId };
  };
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      reply.header('vary', 'accept');
      if (request.method !== 'POST' && request.headers.accept?.includes('text/html'))
        return sendPage('graphiql.html', request, reply);
      hijack(reply);
      try {
        const caller = await callerOf(request);
        const operation = { ...caller, budget: budgets.budgetFor(request.raw, caller) };
        await handleGraphQL(graphql, graphqlOptions, operation, request.raw, reply.raw);
      } catch (err) {
        await respondWithError(log, request, reply, err, graphQLErrorResponse(err, request.headers.accept));
      }
    },
  });
}
