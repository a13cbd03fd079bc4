/** The global variable of GraphiQL's bundle. */
declare const YogaGraphiQL: { renderYogaGraphiQL(root: Element, options: object): void };

interface GraphQLResponse<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: { code: string } }[];
}

/**
 * Runs in the browser: the page contains the source of this function, so it may use nothing outside
 * of itself.
 *
 * Without an API key, the server refuses even introspection. The page therefore asks for a key,
 * checks it, and then starts GraphiQL, which sends the key with every request. The key is in the
 * session storage of the tab: it survives a reload, is removed with the tab, and is never in a URL.
 */
export function startPage(options: object): void {
  const element = <Kind extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as Kind;
  const keyForm = element('key-form');
  const keyInput = element<HTMLInputElement>('key');
  const fileInput = element<HTMLInputElement>('files');
  const bundleLoaded = new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve));

  /** The URL of the page is the GraphQL endpoint, also behind a proxy that changes paths. */
  async function send<Data>(key: string, body: FormData | { query: string }): Promise<GraphQLResponse<Data>> {
    const headers = { authorization: `Bearer ${key}`, accept: 'application/json' };
    const isForm = body instanceof FormData;
    const response = await fetch(location.pathname, {
      method: 'POST',
      headers: isForm ? headers : { ...headers, 'content-type': 'application/json' },
      body: isForm ? body : JSON.stringify(body),
    });
    return response.json();
  }

  async function signIn(key: string): Promise<void> {
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
    await bundleLoaded;
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
      // GraphiQL would write every query into the URL, which may get too long to be reloaded.
      onEditQuery() {},
    });
  }

  /** Separates this GraphiQL's tabs from those of others on the same origin, such as localhost. */
  const storage = {
    getItem: (name: string) => localStorage.getItem(`attache:${name}`),
    setItem: (name: string, value: string) => localStorage.setItem(`attache:${name}`, value),
    removeItem: (name: string) => localStorage.removeItem(`attache:${name}`),
    clear() {
      for (const name of Object.keys(localStorage)) if (name.startsWith('attache:')) localStorage.removeItem(name);
    },
  };

  /** The open tab before a reload: without it, GraphiQL opens one more empty tab. */
  function openTab(): { query?: string; variables?: string } {
    const { tabs, activeTabIndex } = JSON.parse(storage.getItem('graphiql:tabState') ?? '{}');
    const tab = tabs?.[activeTabIndex];
    const isLinkToQuery = new URLSearchParams(location.search).has('query');
    return tab && !isLinkToQuery ? { query: tab.query ?? '', variables: tab.variables ?? '' } : {};
  }

  /**
   * https://github.com/jaydenseric/graphql-multipart-request-spec, which GraphiQL does not support.
   */
  async function upload(key: string, files: File[]): Promise<void> {
    const query = `mutation ($files: [Upload!]!) {
      uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { filesCount errors { message } }
    }`;
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables: { files: files.map(() => null) } }));
    form.set('map', JSON.stringify(Object.fromEntries(files.map((_, index) => [index, [`variables.files.${index}`]]))));
    for (const [index, file] of files.entries()) form.set(String(index), file);
    fileInput.value = '';

    element('result').textContent = 'Uploading…';
    type Data = { uploadTaskFiles: { filesCount: number; errors: { message: string }[] } };
    const { data, errors = [] } = await send<Data>(key, form).catch(
      (error): GraphQLResponse<Data> => ({ errors: [{ message: String(error), extensions: { code: '' } }] }),
    );
    const failures = [...errors, ...(data?.uploadTaskFiles.errors ?? [])].map(({ message }) => message);
    element('result').textContent = failures.join(' ') || `Files of Task:1: ${data?.uploadTaskFiles.filesCount}`;
  }

  keyForm.onsubmit = (event) => {
    event.preventDefault();
    signIn(keyInput.value.trim().replace(/^Bearer\s+/i, ''));
  };
  element('upload').onclick = () => fileInput.click();
  element('forget').onclick = () => {
    sessionStorage.removeItem('attache:key');
    location.reload();
  };

  const savedKey = sessionStorage.getItem('attache:key');
  if (savedKey) signIn(savedKey);
  else keyForm.hidden = false;
}
