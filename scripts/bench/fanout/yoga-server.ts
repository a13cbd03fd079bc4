/**
 * A server as Yoga documents it: Yoga with its `createPubSub`, and graphql-ws on `ws`. The mutation
 * `announce` publishes the event in the environment variable EVENT, as often as its argument says.
 *
 * https://the-guild.dev/graphql/yoga-server/docs/features/subscriptions#graphql-over-websocket-protocol-via-graphql-ws
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionArgs } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';

const event = JSON.parse(process.env.EVENT ?? '{}') as { onId: string };
const pubSub = createPubSub<{ fileAdded: [on: string, event: object] }>();

const schema = createSchema({
  typeDefs: /* GraphQL */ `
    scalar DateTime
    interface Attachable { id: ID! }
    type Task implements Attachable { id: ID! }
    type File { id: ID! name: String! }
    type User { id: ID! }
    type FileAdded { cursor: String! file: File! onId: ID! on: Attachable actor: User at: DateTime! }
    type Query { ok: Boolean! }
    type Mutation { announce(events: Int!): Boolean! }
    type Subscription { fileAdded(on: ID!, after: String): FileAdded! }
  `,
  resolvers: {
    Attachable: { __resolveType: () => 'Task' },
    Mutation: {
      announce(_root: unknown, { events }: { events: number }) {
        for (let count = 0; count < events; count++) pubSub.publish('fileAdded', event.onId, event);
        return true;
      },
    },
    Subscription: {
      fileAdded: {
        subscribe: (_root: unknown, { on }: { on: string }) => pubSub.subscribe('fileAdded', on),
        resolve: (event: object) => event,
      },
    },
  },
});

type Enveloped = ReturnType<ReturnType<typeof createYoga>['getEnveloped']>;
type Args = ExecutionArgs & { rootValue: Pick<Enveloped, 'execute' | 'subscribe'> };

const yoga = createYoga({ schema, logging: false });
const server = createServer(yoga);
useServer(
  {
    execute: (args) => (args as Args).rootValue.execute(args),
    subscribe: (args) => (args as Args).rootValue.subscribe(args),
    onSubscribe: async (context, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      });
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length > 0 ? errors : args;
    },
  },
  new WebSocketServer({ server, path: '/graphql' }),
);
server.listen(0, '127.0.0.1', () => {
  console.log(`listens at http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
