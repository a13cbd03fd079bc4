#!/usr/bin/env bash
# Makes the example calls of the older APIs' own documents, verbatim but for host, ids and key, and
# prints each answer.
#
#   scripts/try-older-apis.sh            starts a server of its own on a free port, in a temporary
#                                        folder
#   scripts/try-older-apis.sh URL KEY    calls a running server that has the demo workspace (Task:1
#                                        in Project:1)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"; [ -z "${server:-}" ] || kill "$server"' EXIT

# The first free number that a port may have, as the system gives it.
start_server() {
  KEY="a-key-to-try-things-$RANDOM$RANDOM"
  export PATH="$here/../node_modules/.bin:$PATH"
  PORT=0 DATA_DIR="$work/data" ATTACHE_ADMIN_KEY="$KEY" LOG_LEVEL=warn node "$here/../src/main.ts" serve >"$work/server.log" &
  server=$!
  for _ in $(seq 100); do
    URL=$(sed -n 's|.*\(http://[^ ]*\)/graphql.*|\1|p' "$work/server.log" | head -n 1)
    [ -z "$URL" ] || return 0
    sleep 0.1
  done
  echo 'The server did not start.' >&2
  exit 1
}

# Prints a request, and how the response begins. All of the response is read: curl fails when a
# reader stops early.
try() {
  local title=$1
  shift
  printf '\n## %s\n' "$title"
  "$@" | { head -c 2000; cat >/dev/null; }
  printf '\n'
}

# A member of a JSON answer, by a path as in .result or .files[0].id
member() {
  node -e '
    const answer = fs.readFileSync(0, "utf8");
    try {
      console.log(eval("JSON.parse(answer)" + process.argv[1]));
    } catch {
      console.error(`There is no ${process.argv[1]} in what was answered: ${answer.slice(0, 500)}`);
      process.exitCode = 1;
    }' "$1"
}

case $# in
0) start_server ;;
2) URL=$1 KEY=$2 ;;
*) echo "Give the address of a server and a key, or neither." >&2; exit 2 ;;
esac
printf 'plain text file' >"$work/example-file"
for part in "$here"/older-apis/*.sh; do
  printf '\n# %s\n' "$(basename "$part" .sh)"
  # shellcheck source=/dev/null
  . "$part"
done
