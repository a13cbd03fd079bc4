/** A bucket and how to reach it: `s3://[key:secret@]bucket[/prefix]?region=…&endpoint=…`. */
export interface S3Location {
  bucket: string;
  /** Before every key; empty, or with a slash at its end. */
  prefix: string;
  region: string;
  /** The URL of a store that is not Amazon's. */
  endpoint: string | undefined;
  /** Whether the bucket is part of the path rather than of the host's name. */
  forcePathStyle: boolean;
  /**
   * Without them, the SDK looks for credentials: in the environment, in its files, in the role of
   * the machine.
   */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** How long the store may take to answer. */
  timeoutMs: number;
  /** Whether checksums of Amazon's newer kind are sent. Older stores refuse them. */
  checksums: boolean;
}

const TIMEOUT_MS = 30_000;
const EXPECTED = 'must be a URL as in "s3://bucket?region=eu-central-1"';

/** Parses `STORAGE_URL`. Throws an `Error` that says what is wrong, without any secret. */
export function parseS3Url(url: string): S3Location {
  if (!URL.canParse(url) || !/^s3:\/\/[^/?]+/.test(url)) throw new Error(EXPECTED);
  const { hostname: bucket, pathname, username, password, searchParams } = new URL(url);
  const known = ['region', 'endpoint', 'forcePathStyle', 'timeoutSeconds', 'checksums'];
  const unknown = [...searchParams.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`has no parameter ${unknown.join(', ')}; there are ${known.join(', ')}`);
  if ((username === '') !== (password === '')) throw new Error('has a key without its secret, or the other way round');
  const endpoint = searchParams.get('endpoint') ?? undefined;
  if (endpoint && !(/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)))
    throw new Error('has an endpoint that is no URL of http or https');
  const seconds = Number(searchParams.get('timeoutSeconds') ?? TIMEOUT_MS / 1000);
  if (!(seconds > 0 && seconds <= 3600)) throw new Error('has timeoutSeconds that are not between 0 and 3600');
  const prefix = decode(pathname).replace(/^\/+|\/+$/g, '');
  return {
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region: searchParams.get('region') ?? 'us-east-1',
    endpoint,
    forcePathStyle: parseBoolean('forcePathStyle', searchParams) ?? endpoint !== undefined,
    credentials: username ? { accessKeyId: decode(username), secretAccessKey: decode(password) } : undefined,
    timeoutMs: seconds * 1000,
    checksums: parseBoolean('checksums', searchParams) ?? endpoint === undefined,
  };
}

function parseBoolean(name: string, params: URLSearchParams): boolean | undefined {
  const text = params.get(name);
  if (text !== null && text !== 'true' && text !== 'false') throw new Error(`has a ${name} that is not true or false`);
  return text === null ? undefined : text === 'true';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new Error('has a % that is not followed by the two digits of a character; write % itself as %25', { cause });
  }
}
