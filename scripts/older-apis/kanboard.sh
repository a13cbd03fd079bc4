# Kanboard: Task File API Procedures. https://docs.kanboard.org/v1/api/task_file_procedures/

kanboard() { curl -sS -u "jsonrpc:$KEY" -d "$1" "$URL/jsonrpc.php"; }

create='{"jsonrpc": "2.0", "method": "createTaskFile", "id": 94500810, "params": [1, 1, "My file", "cGxhaW4gdGV4dCBmaWxl"]}'
file=$(kanboard "$create" | member .result)
try createTaskFile kanboard "$create"
try getAllTaskFiles kanboard '{"jsonrpc": "2.0", "method": "getAllTaskFiles", "id": 1880662820, "params": {"task_id": 1}}'
try getTaskFile kanboard "{\"jsonrpc\": \"2.0\", \"method\": \"getTaskFile\", \"id\": 318676852, \"params\": [\"$file\"]}"
try downloadTaskFile kanboard "{\"jsonrpc\": \"2.0\", \"method\": \"downloadTaskFile\", \"id\": 235943344, \"params\": [\"$file\"]}"
try removeTaskFile kanboard "{\"jsonrpc\": \"2.0\", \"method\": \"removeTaskFile\", \"id\": 447036524, \"params\": [\"$file\"]}"
try removeAllTaskFiles kanboard '{"jsonrpc": "2.0", "method": "removeAllTaskFiles", "id": 593312993, "params": {"task_id": 1}}'
