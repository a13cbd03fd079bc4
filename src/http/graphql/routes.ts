import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accountOf, GUEST_VIEWER, type Guest, isShareToken, isUploadToken } from '../../auth/guest.ts';
import type { Log } from '../../context.ts';
import type { Authentication } from '../authentication.ts';
import { keyInHeader } from '../credentials.ts';
import { graphiqlPage } from '../graphiql/graphiql.ts';
import type { GuestAuthentication } from '../guest-authentication.ts';
import { hijack, respondWithError } from '../hijack.ts';
import type { HttpBudgets } from '../request-budgets.ts';
import { graphQLErrorResponse, handleGraphQL } from './handler.ts';
import type { GraphQLOptions, GraphQLServer, OperationContext } from './options.ts';

interface RouteOptions {
  graphql: GraphQLServer;
  graphqlOptions: GraphQLOptions;
  authentication: Authentication;
  guests: GuestAuthentication;
  budgets: HttpBudgets;
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
  { graphql, graphqlOptions, authentication, guests, budgets, log }: RouteOptions,
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
      if (request.method === 'GET' && request.headers.accept?.includes('text/html')) return sendPage(request, reply);
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

async function sendPage(request: FastifyRequest, reply: FastifyReply) {
  const { html, gzipped, headers, etag } = await graphiqlPage();
  reply.headers({ ...headers, etag });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (!request.headers['accept-encoding']?.includes('gzip')) return reply.send(html);
  return reply.header('content-encoding', 'gzip').send(gzipped);
}
