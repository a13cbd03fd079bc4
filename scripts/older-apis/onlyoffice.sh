# ONLYOFFICE: Upload files to the task; Attach files to the entity. Sourced by ../try-older-apis.sh.
printf 'Quarterly report\n' >"$work/report.docx"

upload=$(curl --silent --request POST --url "$URL/api/2.0/project/task/1/files/upload" \
  --header "Authorization: $KEY" --form "file=@$work/report.docx")
try 'a file, to have one that is stored' echo "$upload"
id=$(echo "$upload" | member .response.id)

try 'Upload files to the task' curl --silent --request POST \
  --url "$URL/api/2.0/project/task/1/files" \
  --header 'Accept: application/json' \
  --header 'Content-Type: application/json' \
  --header "Authorization: $KEY" \
  --data "{\"files\":[$id]}"

for entity in contact opportunity case; do
  try "Attach files to the entity: $entity" curl --silent --request POST \
    --url "$URL/api/2.0/crm/$entity/1/files" \
    --header 'Accept: application/json' \
    --header 'Content-Type: application/json' \
    --header "Authorization: $KEY" \
    --data "{\"fileids\":[$id]}"
done

try 'the files of the task' curl --silent --url "$URL/api/2.0/project/task/1/files" --header "Authorization: $KEY"
