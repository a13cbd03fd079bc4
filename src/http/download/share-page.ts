import { hash } from 'node:crypto';

/**
 * The page of share links. The token is in the fragment of its URL, which browsers send to no
 * server: it is in no log and no `Referer`, and programs that preview links do not use it. The page
 * sends it in a header instead, lists the files with thumbnails, and prompts for the password if
 * there is one.
 */

/** The query of the page. It also runs where only trusted documents do. */
export const SHARE_QUERY =
  'query ($after: String) { share { name downloadsLeft zipUrl files(first: 50, after: $after) { nodes { name size url thumbnailUrl } pageInfo { hasNextPage endCursor } } } }';

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark }
ul { list-style: none; padding: 0 }
li { display: flex; align-items: center; gap: .75rem; margin: .5rem 0; overflow-wrap: anywhere }
img { width: 3.5rem; height: 3.5rem; object-fit: contain; flex: none }
small { opacity: .7 }
`;

// Names are set as text, never as HTML.
const script = `
const form = document.querySelector('form');
const message = document.querySelector('[role=alert]');
const more = document.querySelector('#more');
const list = document.querySelector('ul');
const all = document.querySelector('#all');
const left = document.querySelector('#left');
const query = ${JSON.stringify(SHARE_QUERY)};
let password = '';
let after = null;

const sizeOf = (bytes) => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  for (; bytes >= 1023.95 && at < units.length - 1; at++) bytes /= 1024;
  return Math.round(bytes * 10) / 10 + ' ' + units[at];
};

async function send() {
  const response = await fetch('graphql', {
    method: 'POST',
    headers: {
      authorization: 'Bearer ' + location.hash.slice(1),
      'content-type': 'application/json',
      ...(password ? { 'share-password': encodeURIComponent(password) } : {}),
    },
    body: JSON.stringify({ query, variables: { after } }),
  });
  return response.json();
}

// The URL of the server may be another one than the browser knows, behind a proxy.
const here = (url) => {
  const { pathname, search } = new URL(url);
  return new URL(pathname + search, location.origin);
};

function showLeft(count) {
  // The server would answer with an error instead of the file.
  if (count === 0) for (const link of document.querySelectorAll('a')) link.removeAttribute('href');
  left.hidden = count === null;
  left.textContent = count === 1 ? '1 download left' : (count || 'No') + ' downloads left';
}

// A download is counted when it begins.
const countAgain = () => {
  if (!left.hidden) setTimeout(() => send().then(({ data }) => data?.share && showLeft(data.share.downloadsLeft)), 1000);
};

async function load() {
  message.textContent = '';
  const { data, errors } = await send();
  if (!data?.share) {
    const text = errors?.[0]?.message ?? 'The files cannot be listed.';
    form.hidden = !/password/i.test(text);
    if (form.hidden || password) message.textContent = text;
    return;
  }
  form.hidden = true;
  const { name, downloadsLeft, zipUrl, files } = data.share;
  document.title = document.querySelector('h1').textContent = name || 'Shared files';
  for (const file of files.nodes) {
    const link = Object.assign(document.createElement('a'), { textContent: file.name });
    if (downloadsLeft !== 0) link.href = here(file.url);
    // Shown instead, it would replace the page, and the user would have to type the password again.
    link.download = '';
    link.addEventListener('click', countAgain);
    const size = Object.assign(document.createElement('small'), { textContent: ' ' + sizeOf(Number(file.size)) });
    const item = document.createElement('li');
    if (file.thumbnailUrl && downloadsLeft !== 0)
      item.append(Object.assign(document.createElement('img'), { src: here(file.thumbnailUrl), alt: '', loading: 'lazy' }));
    const text = document.createElement('span');
    text.append(link, size);
    item.append(text);
    list.append(item);
  }
  if (downloadsLeft !== 0) all.href = here(zipUrl);
  all.hidden = list.children.length < 2;
  showLeft(downloadsLeft);
  if (!list.children.length) message.textContent = 'There are no files.';
  after = files.pageInfo.endCursor;
  more.hidden = !files.pageInfo.hasNextPage;
}

const showIncomplete = () => {
  message.textContent = 'The address is incomplete: its part after # is missing. Copy the whole share link.';
};
const start = () => {
  if (location.hash.length < 2) return showIncomplete();
  load().catch((error) => { message.textContent = String(error.message); });
};
form.addEventListener('submit', (event) => {
  event.preventDefault();
  password = form.elements.password.value;
  start();
});
more.addEventListener('click', start);
all.addEventListener('click', countAgain);
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
<p id="left" role="status" hidden></p>
<p><a id="all" hidden>Download all</a></p>
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
      `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; img-src 'self'; connect-src 'self'; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
    'cache-control': 'no-cache',
  },
};
