/** A paper clip. */
export const favicon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#d60590" stroke-width="2" ' +
    'stroke-linecap="round"><path d="m20 11-9 9a5.6 5.6 0 0 1-8-8l9-9a3.8 3.8 0 0 1 5.4 5.4l-9 9a1.9 1.9 0 0 1-2.7-2.7' +
    'l8.3-8.3"/></svg>',
)}`;

/** The example queries of the editor, one in each tab. They run without changes. */
export const examples = [
  `# What you may see, with the files on it.
# Run it: the button to the right, or Ctrl-Enter.

query Workspace {
  viewer { displayName }
  projects(first: 5) {
    nodes {
      id
      title
      tasks(first: 5) {
        nodes {
          id
          title
          files(first: 5) {
            totalCount
            nodes { id name size contentType url }
          }
        }
      }
    }
  }
  entities(first: 5) {
    nodes { id entityType title }
  }
}
`,
  `# Run it, then upload a file to Task:1 of this
# project, with the button above or another client.
# Its event appears here as soon as it is stored.

subscription Listen {
  fileAdded(on: "Project:1") {
    file { id name size contentType url }
    on { id }
    actor { displayName }
    at
  }
}
`,
];

export const keyForm = `
<main id="key-form" hidden>
  <form>
    <h1>Attaché</h1>
    <p>A GraphQL server for attachments. Enter an API key to run queries.</p>
    <label for="key">API key</label>
    <input id="key" type="password" required autofocus autocomplete="off" spellcheck="false">
    <p id="refusal" role="alert"></p>
    <button>Open GraphiQL</button>
    <p>The first start of the server prints the administrator’s key, unless <code>ATTACHE_ADMIN_KEY</code> sets it.
      To make another, run <code>npm run attache -- key add User:1 --scope ADMIN</code> on the server.</p>
    <p>The key stays in this browser tab and is forgotten when you close it.</p>
  </form>
</main>`;

export const bar = `
<header id="bar" hidden>
  <strong>Attaché</strong>
  <output id="result"></output>
  <button id="upload">Upload to Task:1…</button>
  <input id="files" type="file" multiple hidden>
  <span>API key of <b id="viewer"></b></span>
  <button id="forget">Change key</button>
</header>`;

export const styles = `
  body { display: flex; flex-direction: column; height: 100vh; font: 14px/1.5 Roboto, sans-serif;
    color-scheme: light dark; color: light-dark(#3b4b68, #b7c2d7); background: light-dark(#fff, #212a3b) }
  body.graphiql-light { color-scheme: light }
  body.graphiql-dark { color-scheme: dark }
  body > [hidden], header > [hidden] { display: none !important }
  #root { flex: 1; min-height: 0 }
  #root .graphiql-container { height: 100% }
  #root .graphiql-logo { display: none }
  #bar { display: flex; align-items: center; gap: 16px; padding: 8px 16px }
  #bar button { padding: 4px 10px; border: 1px solid light-dark(#aab3c4, #5d6b86); background: none; color: inherit }
  #bar strong { font-size: 18px }
  #result { flex: 1; text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
  #key-form { margin: auto; padding: 24px; max-width: 420px }
  #key-form input { padding: 10px 12px; border: 1px solid light-dark(#aab3c4, #5d6b86);
    background: light-dark(#fff, #1a2231); color: inherit }
  #key-form button { padding: 10px; border: 0; background: #d60590; color: #fff }
  #key-form input, #key-form button { box-sizing: border-box; width: 100%; font-size: 16px }
  #refusal { margin: 8px 0; color: light-dark(#b3261e, #ff8a80) }
  h1, b, strong, label { font-weight: 500 }
  header button, main button, main input { font: inherit; border-radius: 6px }
  header button, main button { cursor: pointer }
  main code { font: 13px "Fira Code", monospace }
`;
