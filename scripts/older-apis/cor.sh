# COR: Upload task attachments. https://api.projectcor.com/v1/tasks/{task_id}/attachments

upload_attachments() {
  curl -sS --request POST \
    --url "$URL/v1/tasks/1/attachments" \
    --header "Authorization: Bearer $KEY" \
    --header 'Content-Type: multipart/form-data' \
    --form "file=@$work/example-file" \
    --form available=true \
    --form session_token=null \
    --form attachment_parent_id=null \
    --form status=null \
    --form created_from=task_panel
}

try 'POST /tasks/{task_id}/attachments' upload_attachments
try 'GET /tasks/{task_id}/attachments' curl -sS --url "$URL/v1/tasks/1/attachments" --header "Authorization: Bearer $KEY"
