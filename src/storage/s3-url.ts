/** Where a bucket is, as a URL says: `s3://[key:secret@]bucket[/prefix]?region=…&endpoint=…`. */
export interface S3Location {
  bucket: string;
  /** Before every key; empty, or with a slash at its end. */
  prefix: string;
  region: string;
  /** Of another store than Amazon's. */
  endpoint: string | undefined;
  /** Whether the bucket is part of the path rather than of the host's name. */
  forcePathStyle: boolean;
  /** Without them, they are looked for where all of Amazon's programs look: environment, files, the machine's role. */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** How long the store may take to answer. */
  timeoutMs: number;
  /** Whether checksums of Amazon's newer kind are sent, too. Older stores do not take them. */
  checksums: boolean;
}

const TIMEOUT_MS = 30_000;

/** Reads `STORAGE_URL`. Throws an `Error` that says what is wrong with it, and nothing of what is secret in it. */
export function parseS3Url(url: string): S3Location {
  const { protocol, hostname: bucket, pathname, username, password, searchParams } = new URL(url);
  if (protocol !== 's3:' || bucket === '') throw new Error('must be a URL as in "s3://bucket?region=eu-central-1"');
  const known = ['region', 'endpoint', 'forcePathStyle', 'timeoutSeconds', 'checksums'];
  const unknown = [...searchParams.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`has no parameter ${unknown.join(', ')}; there are ${known.join(', ')}`);
  if ((username === '') !== (password === '')) throw new Error('has a key without its secret, or the other way round');
  const endpoint = searchParams.get('endpoint') ?? undefined;
  if (endpoint && !/^https?:\/\//.test(endpoint)) throw new Error('has an endpoint that is no URL of http or https');
  const seconds = Number(searchParams.get('timeoutSeconds') ?? TIMEOUT_MS / 1000);
  if (!(seconds > 0 && seconds <= 3600)) throw new Error('has timeoutSeconds that are not between 0 and 3600');
  const prefix = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, '');
  return {
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region: searchParams.get('region') ?? 'us-east-1',
    endpoint,
    forcePathStyle: (searchParams.get('forcePathStyle') ?? String(endpoint !== undefined)) === 'true',
    credentials: username
      ? { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) }
      : undefined,
    timeoutMs: seconds * 1000,
    checksums: (searchParams.get('checksums') ?? String(endpoint === undefined)) === 'true',
  };
}
