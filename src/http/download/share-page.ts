import { hash } from 'node:crypto';

/**
 * The page of share links. The token is in the fragment of its URL, which browsers send to no
 * server: it is in no log and no `Referer`, and programs that preview links do not use it. The page
 * sends it in a header instead, lists the files, and asks for the password if there is one.
 */

/** What the page asks for. It also runs where only trusted documents do. */
export const SHARE_QUERY =
  'query ($after: String) { share { name files(first: 50, after: $after) { nodes { name size url } pageInfo { hasNextPage endCursor } } } }';

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark }
li { margin: .5rem 0; overflow-wrap: anywhere }
small { opacity: .7 }
`;

// Names are set as text, never as HTML.
const script = `
const form = document.querySelector('form');
const message = document.querySelector('[role=alert]');
const more = document.querySelector('#more');
const list = document.querySelector('ul');
const query = ${JSON.stringify(SHARE_QUERY)};
let password = '';
let after = null;

const sizeOf = (bytes) => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  for (; bytes >= 1023.95 && at < units.length - 1; at++) bytes /= 1024;
  return Math.round(bytes * 10) / 10 + ' ' + units[at];
};

async function load() {
  message.textContent = '';
  const response = await fetch('graphql', {
    method: 'POST',
    headers: {
      authorization: 'Bearer ' + location.hash.slice(1),
      'content-type': 'application/json',
      ...(password ? { 'share-password': encodeURIComponent(password) } : {}),
    },
    body: JSON.stringify({ query, variables: { after } }),
  });
  const { data, errors } = await response.json();
  if (!data?.share) {
    const text = errors?.[0]?.message ?? 'The files cannot be listed.';
    form.hidden = !/password/i.test(text);
    if (form.hidden || password) message.textContent = text;
    return;
  }
  form.hidden = true;
  const { name, files } = data.share;
  document.title = document.querySelector('h1').textContent = name || 'Shared files';
  for (const file of files.nodes) {
    const link = Object.assign(document.createElement('a'), { textContent: file.name });
    const { pathname, search } = new URL(file.url);
    link.href = new URL(pathname + search, location.origin);
    const size = Object.assign(document.createElement('small'), { textContent: ' ' + sizeOf(Number(file.size)) });
    const item = document.createElement('li');
    item.append(link, size);
    list.append(item);
  }
  if (!list.children.length) message.textContent = 'There are no files.';
  after = files.pageInfo.endCursor;
  more.hidden = !files.pageInfo.hasNextPage;
}

const start = () => load().catch((error) => { message.textContent = String(error.message); });
form.addEventListener('submit', (event) => {
  event.preventDefault();
  password = form.elements.password.value;
  start();
});
more.addEventListener('click', start);
addEventListener('hashchange', () => location.reload());
start();
`;

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Shared files</title>
<style>${style}</style>
<main>
<h1>Shared files</h1>
<form hidden>
<label>Password <input name="password" type="password" autocomplete="off" required></label>
<button>Open</button>
</form>
<p role="alert"></p>
<ul></ul>
<button id="more" hidden>Show more</button>
</main>
<script>${script}</script>
`;

const digest = (text: string) => `'sha256-${hash('sha256', text, 'base64')}'`;

export const sharePage = {
  html,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; connect-src 'self'; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
    'cache-control': 'no-cache',
  },
};
