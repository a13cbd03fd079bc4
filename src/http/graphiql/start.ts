/** What the bundle of GraphiQL leaves in the page. */
declare const YogaGraphiQL: { renderYogaGraphiQL(root: Element, options: object): void };

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: { code: string } }[];
}

/**
 * Runs in the browser: the page carries the source of this function, so it may use nothing from outside of itself.
 *
 * Without a key the server answers nothing, not even what its schema is. So the page asks for one, tries it, and only
 * then starts GraphiQL, which sends it along with all that it sends. The key is kept in the session storage of the
 * tab: it outlives a reload, not the tab, and is never in an address.
 */
export function startPage(options: object): void {
  const element = <Kind extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as Kind;
  const keyForm = element('key-form');
  const keyInput = element<HTMLInputElement>('key');
  const fileInput = element<HTMLInputElement>('files');
  const bundleRead = new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));

  /** The page is where GraphQL is, whatever a proxy calls that. */
  async function send<Data>(key: string, body: FormData | { query: string }): Promise<Answer<Data>> {
    const headers = { authorization: `Bearer ${key}`, accept: 'application/json' };
    const isForm = body instanceof FormData;
    const response = await fetch(location.pathname, {
      method: 'POST',
      headers: isForm ? headers : { ...headers, 'content-type': 'application/json' },
      body: isForm ? body : JSON.stringify(body),
    });
    return response.json();
  }

  async function enter(key: string): Promise<void> {
    keyForm.inert = true;
    try {
      const query = '{ viewer { displayName } node(id: "Task:1") { ... on Task { viewerCanAttach } } }';
      type Data = { viewer: { displayName: string }; node: { viewerCanAttach?: boolean } | null };
      const { data, errors } = await send<Data>(key, { query });
      if (data) open(key, data.viewer.displayName, data.node?.viewerCanAttach ?? false);
      else if (errors?.[0]?.extensions.code !== 'UNAUTHENTICATED') refuse(errors?.[0]?.message ?? 'No answer came.');
      else refuse('The server does not know this key. It may be mistyped, revoked or expired.');
    } catch (error) {
      refuse(`The server could not be asked: ${error}`);
    }
  }

  function refuse(reason: string): void {
    sessionStorage.removeItem('attache:key');
    element('refusal').textContent = reason;
    keyForm.inert = keyForm.hidden = false;
    keyInput.select();
  }

  async function open(key: string, viewer: string, canUpload: boolean): Promise<void> {
    sessionStorage.setItem('attache:key', key);
    await bundleRead;
    element('viewer').textContent = viewer;
    element('upload').hidden = !canUpload;
    fileInput.onchange = () => upload(key, [...(fileInput.files ?? [])]);
    keyForm.hidden = true;
    element('bar').hidden = element('root').hidden = false;
    YogaGraphiQL.renderYogaGraphiQL(element('root'), {
      ...options,
      additionalHeaders: { Authorization: `Bearer ${key}` },
      storage,
      ...openTab(),
      // It would put every query into the address, and an address can be too long for its own reload.
      onEditQuery() {},
    });
  }

  /** Keeps our tabs apart from those of any other GraphiQL that was ever served from this address, as on localhost. */
  const storage = {
    getItem: (name: string) => localStorage.getItem(`attache:${name}`),
    setItem: (name: string, value: string) => localStorage.setItem(`attache:${name}`, value),
    removeItem: (name: string) => localStorage.removeItem(`attache:${name}`),
    clear() {
      for (const name of Object.keys(localStorage)) if (name.startsWith('attache:')) localStorage.removeItem(name);
    },
  };

  /** At a reload, GraphiQL opens an empty tab more unless it is told what is in the one that was open. */
  function openTab(): { query?: string; variables?: string } {
    const { tabs, activeTabIndex } = JSON.parse(storage.getItem('graphiql:tabState') ?? '{}');
    const tab = tabs?.[activeTabIndex];
    const isLinkToQuery = new URLSearchParams(location.search).has('query');
    return tab && !isLinkToQuery ? { query: tab.query ?? '', variables: tab.variables ?? '' } : {};
  }

  /** https://github.com/jaydenseric/graphql-multipart-request-spec, which GraphiQL itself does not speak. */
  async function upload(key: string, files: File[]): Promise<void> {
    const query = `mutation ($files: [Upload!]!) {
      uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { filesCount errors { message } }
    }`;
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables: { files: files.map(() => null) } }));
    form.set('map', JSON.stringify(Object.fromEntries(files.map((_, index) => [index, [`variables.files.${index}`]]))));
    for (const [index, file] of files.entries()) form.set(String(index), file);
    fileInput.value = '';

    element('told').textContent = 'Uploading…';
    type Data = { uploadTaskFiles: { filesCount: number; errors: { message: string }[] } };
    const { data, errors = [] } = await send<Data>(key, form).catch(
      (error): Answer<Data> => ({ errors: [{ message: String(error), extensions: { code: '' } }] }),
    );
    const failures = [...errors, ...(data?.uploadTaskFiles.errors ?? [])].map(({ message }) => message);
    element('told').textContent = failures.join(' ') || `Files of Task:1: ${data?.uploadTaskFiles.filesCount}`;
  }

  keyForm.onsubmit = (event) => {
    event.preventDefault();
    enter(keyInput.value.trim().replace(/^Bearer\s+/i, ''));
  };
  element('upload').onclick = () => fileInput.click();
  element('forget').onclick = () => {
    sessionStorage.removeItem('attache:key');
    location.reload();
  };

  const kept = sessionStorage.getItem('attache:key');
  if (kept) enter(kept);
  else keyForm.hidden = false;
}
