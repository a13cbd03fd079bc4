/** The query of the page. It also runs where only trusted documents do. */
export const SHARE_QUERY =
  'query ($after: String) { share { name downloadsLeft zipUrl files(first: 50, after: $after) { nodes { name size url thumbnailUrl } pageInfo { hasNextPage endCursor } } } }';

// Names are set as text, never as HTML.
export const shareScript = `
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

const create = (tag, properties) => Object.assign(document.createElement(tag), properties);

function rowOf(file, canDownload) {
  // Shown instead, it would replace the page, and the password would be asked for again.
  const link = create('a', { textContent: file.name, dir: 'auto', download: '' });
  if (canDownload) link.href = here(file.url);
  link.addEventListener('click', countAgain);
  const [, extension = ''] = /\\.(\\w{1,4})$/.exec(file.name) ?? [];
  const picture = file.thumbnailUrl && canDownload
    ? create('img', { src: here(file.thumbnailUrl), alt: '', loading: 'lazy' })
    : create('i', { textContent: extension, ariaHidden: 'true' });
  const text = create('div', {});
  text.append(link, create('small', { textContent: sizeOf(Number(file.size)) }));
  const row = create('li', {});
  row.append(picture, text);
  return row;
}

async function load() {
  message.textContent = '';
  const { data, errors } = await send();
  if (!data?.share) {
    const text = errors?.[0]?.message ?? 'The files cannot be listed.';
    form.hidden = !/password/i.test(text);
    if (form.hidden || password) message.textContent = text;
    if (!form.hidden) form.elements.password.select();
    return;
  }
  form.hidden = true;
  const { name, downloadsLeft, zipUrl, files } = data.share;
  document.title = document.querySelector('h1').textContent = name || 'Shared files';
  for (const file of files.nodes) list.append(rowOf(file, downloadsLeft !== 0));
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
