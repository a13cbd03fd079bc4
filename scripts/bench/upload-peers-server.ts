/**
 * A server as Yoga, or Apollo Server with graphql-upload, documents it: it writes an upload to a
 * file and inserts a row. It does not hash, check or sync. `PEER` chooses the library.
 *
 * https://the-guild.dev/graphql/yoga-server/docs/features/file-uploads,
 * https://github.com/jaydenseric/graphql-upload
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApolloServer, HeaderMap } from '@apollo/server';
import SqliteDatabase from 'better-sqlite3';
import GraphQLUpload from 'graphql-upload/GraphQLUpload.mjs';
import processRequest from 'graphql-upload/processRequest.mjs';
import { createSchema, createYoga } from 'graphql-yoga';

const folder = join(process.env.DATA_DIR as string, 'peer');
await mkdir(folder, { recursive: true });
const database = new SqliteDatabase(join(folder, 'peer.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = NORMAL');
database.exec('create table files (id integer primary key, name text, size integer, path text, createdAt text)');
const insert = database.prepare('insert into files (name, size, path, createdAt) values (?, ?, ?, ?) returning *');
const newest = database.prepare('select * from files order by id desc limit ?');

/** How each library provides the bytes of an upload. */
const readers = {
  yoga: async (file: File) => ({ name: file.name, bytes: Readable.from([Buffer.from(await file.arrayBuffer())]) }),
  apollo: async (upload: Promise<{ filename: string; createReadStream(): Readable }>) => {
    const { filename, createReadStream } = await upload;
    return { name: filename, bytes: createReadStream() };
  },
};
const peer = process.env.PEER as keyof typeof readers;

async function storeUpload(upload: never): Promise<unknown> {
  const { name, bytes } = await readers[peer](upload);
  const path = join(folder, randomUUID());
  const file = createWriteStream(path);
  await pipeline(bytes, file);
  return insert.get(name, file.bytesWritten, path, new Date().toISOString());
}

const typeDefs = /* GraphQL */ `
  scalar Upload
  type File { id: ID! name: String! size: Float! createdAt: String! }
  type FileError { message: String! }
  type FileConnection { nodes: [File!]! }
  type Task { files(first: Int!): FileConnection! }
  type UploadTaskFilesPayload { files: [File!]! errors: [FileError!]! }
  input UploadTaskFilesInput { taskId: ID! files: [Upload!]! }
  type Query { task(id: ID!): Task }
  type Mutation { uploadTaskFiles(input: UploadTaskFilesInput!): UploadTaskFilesPayload! }
`;
const resolvers = {
  ...(peer === 'apollo' ? { Upload: GraphQLUpload } : {}),
  Query: { task: () => ({}) },
  Task: { files: (_task: unknown, { first }: { first: number }) => ({ nodes: newest.all(first) }) },
  Mutation: {
    uploadTaskFiles: async (_root: unknown, { input }: { input: { files: never[] } }) => ({
      files: await Promise.all(input.files.map(storeUpload)),
      errors: [],
    }),
  },
};

async function openApollo(): Promise<RequestListener> {
  const apollo = new ApolloServer({ typeDefs, resolvers, csrfPrevention: false });
  await apollo.start();
  return async (request, response) => {
    const isForm = request.headers['content-type']?.startsWith('multipart/form-data');
    const body = isForm ? await processRequest(request, response) : await readJson(request);
    const headers = new HeaderMap(Object.entries({ 'content-type': 'application/json' }));
    const httpGraphQLRequest = { method: 'POST', headers, search: '', body };
    const { status, body: result } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      context: async () => ({}),
    });
    response.writeHead(status ?? 200, { 'content-type': 'application/json' });
    response.end(result.kind === 'complete' ? result.string : '');
  };
}

const readJson = async (request: IncomingMessage) => JSON.parse(Buffer.concat(await request.toArray()).toString());

const openYoga = (): RequestListener =>
  createYoga({ schema: createSchema({ typeDefs, resolvers }), logging: false, maxRequestBodySize: false });

const server = createServer(peer === 'yoga' ? openYoga() : await openApollo());
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  console.log(`listens at http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
process.on('SIGTERM', () => process.exit(0));
