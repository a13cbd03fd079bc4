# Worksection: Files. Sourced by ../try-older-apis.sh. Only a key that was made for it can be
# signed with: one is made here, and revoked at the end. People make theirs with `npm run attache
# -- key add User:1 --can-sign`.

graphql() {
  curl -sS "$URL/graphql" --header "Authorization: Bearer $KEY" --header 'Content-Type: application/json' --data "{\"query\":\"$1\"}"
}
made=$(graphql 'mutation { createApiKey(input: { name: \"to sign with\", canSign: true }) { key apiKey { id } } }')
SIGNING_KEY=$(echo "$made" | member .data.createApiKey.key)

# The address of a call, with its hash.
worksection() { echo "$URL/api/admin/v2/?$1&hash=$(printf '%s' "$1$SIGNING_KEY" | md5sum | cut -d ' ' -f 1)"; }

printf '%%PDF-1.4 one\n' >"$work/local_file1.pdf"
printf '%%PDF-1.4 two\n' >"$work/local_file2.pdf"
# The sample of the document, with `=>` where it has lost its arrows.
cat >"$work/sample.php" <<'PHP'
<?php
$curl = curl_init();
curl_setopt($curl, CURLOPT_URL, $argv[1]);
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
curl_setopt($curl, CURLOPT_POST, true);
curl_setopt($curl, CURLOPT_POSTFIELDS, [
  'attach[0]' => new cURLFile('local_file1.pdf', 'application/pdf', 'nice_name1.pdf'),
  'attach[1]' => new cURLFile('local_file2.pdf', 'application/pdf', 'nice_name2.pdf'),
]);
echo curl_exec($curl);
curl_close($curl);
PHP

call=$(worksection 'action=post_task&id_project=1&title=TASK_NAME')
if php -r 'exit(extension_loaded("curl") ? 0 : 1);' 2>/dev/null; then
  posted=$(cd "$work" && php sample.php "$call")
else
  posted=$(cd "$work" && curl --silent "$call" \
    --form 'attach[0]=@local_file1.pdf;type=application/pdf;filename=nice_name1.pdf' \
    --form 'attach[1]=@local_file2.pdf;type=application/pdf;filename=nice_name2.pdf')
fi
try 'Adding files: post_task' echo "$posted"

listed=$(curl --silent "$(worksection "action=get_files&id_project=1&id_task=$(echo "$posted" | member .data.id)")")
try 'Getting the list of files through API: get_files' echo "$listed"

id=$(echo "$listed" | member '.data[0].id')
try 'Downloading files through API: download' curl --silent "$(worksection "action=download&id_file=$id")"
try 'the same from its page' curl --silent --header "Authorization: Bearer $KEY" "$URL/download/$id"
revoked=$(graphql "mutation { revokeApiKey(input: { apiKeyId: \\\"$(echo "$made" | member .data.createApiKey.apiKey.id)\\\" }) { apiKey { revokedAt } } }")
echo "$revoked" | member .data.revokeApiKey.apiKey.revokedAt >/dev/null
