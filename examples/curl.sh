#!/usr/bin/env bash
# Uploads a file with curl, lists the files of a task, downloads the new one, and prints new files
# until it is stopped. When it is started again, it first prints what it missed.
# ATTACHE_URL=http://127.0.0.1:4000 ATTACHE_KEY=att_… examples/curl.sh photo.jpg Task:1
set -euo pipefail
url=${ATTACHE_URL:-http://127.0.0.1:4000}
file=${1:-hello.txt}
task=${2:-Task:1}
auth="Authorization: Bearer $ATTACHE_KEY"

# curl prints the progress. The key makes it safe to repeat the request after a lost connection.
uploaded=$(curl --fail-with-body --progress-bar --retry 5 --retry-all-errors "$url/graphql" -H "$auth" \
  -F operations='{"query":"mutation ($input: UploadTaskFilesInput!) { uploadTaskFiles(input: $input) { files { id url } errors { message } } }","variables":{"input":{"taskId":"'"$task"'","files":[null],"idempotencyKey":"'"$RANDOM$RANDOM$RANDOM"'"}}}' \
  -F map='{"0":["variables.input.files.0"]}' -F "0=@$file")
echo "uploaded $uploaded"

curl --fail-with-body -sS -o copy -H "$auth" "$(sed 's/.*"url":"\([^"]*\)".*/\1/' <<<"$uploaded")"
echo "downloaded $(wc -c <copy) bytes"

# Pages of a list, until there is no next one.
after=null
while [ "$after" ]; do
  page=$(curl --fail-with-body -sS "$url/graphql" -H "$auth" -H 'Content-Type: application/json' \
    -d '{"query":"query ($id: ID!, $after: String) { task(id: $id) { files(first: 20, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } } }","variables":{"id":"'"$task"'","after":'"$after"'}}')
  grep -o '"name":"[^"]*"' <<<"$page" | sed 's/"name":"\(.*\)"/listed \1/' || true
  after=$(sed -n 's/.*"hasNextPage":true,"endCursor":\("[^"]*"\).*/\1/p' <<<"$page")
done

# Server-sent events. The id of the last one, sent back, is where the next connection continues.
touch cursor.txt
while true; do
  curl -sSN --fail-with-body --keepalive-time 15 "$url/graphql" -H "$auth" -H "Last-Event-ID: $(cat cursor.txt)" \
    -H 'Content-Type: application/json' -H 'Accept: text/event-stream' \
    -d '{"query":"subscription ($on: ID!) { fileAdded(on: $on) { file { name } } }","variables":{"on":"'"$task"'"}}' |
    while read -r line; do
      case $line in
        id:*) cursor=${line#id: } ;;
        data:*) data=$line ;;
        '') # the end of an event
          sed -n 's/.*"name":"\([^"]*\)".*/added \1/p' <<<"${data-}"
          data=
          [ -z "${cursor-}" ] || printf %s "$cursor" >cursor.txt
          ;;
      esac
    done || true
  sleep 1
done
