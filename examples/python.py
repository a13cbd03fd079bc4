"""Uploads a file with Python's standard library, lists the files of a task, downloads the new one,
and prints new files until it is stopped. Started again, it first prints what it missed.
ATTACHE_URL=http://127.0.0.1:4000 ATTACHE_KEY=att_… python3 examples/python.py photo.jpg Task:1"""

import http.client, json, os, pathlib, sys, time, urllib.error, urllib.request, uuid

URL = os.environ.get("ATTACHE_URL", "http://127.0.0.1:4000")
AUTH = {"Authorization": f"Bearer {os.environ['ATTACHE_KEY']}"}
path = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "hello.txt")
task = sys.argv[2] if len(sys.argv) > 2 else "Task:1"
cursor_file = pathlib.Path("cursor.txt")


def post(body, headers):
    return urllib.request.urlopen(urllib.request.Request(f"{URL}/graphql", body, {**AUTH, **headers}))


def execute(query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    result = json.load(post(body, {"Content-Type": "application/json"}))
    if "errors" in result:
        raise RuntimeError(result["errors"])
    return result["data"]


def upload(path, task, key):
    """A GraphQL multipart request that is read from the disk while it is sent."""
    query = """mutation ($input: UploadTaskFilesInput!) {
      uploadTaskFiles(input: $input) { files { id url } errors { message } } }"""
    variables = {"input": {"taskId": task, "files": [None], "idempotencyKey": key}}
    boundary, size = uuid.uuid4().hex, path.stat().st_size
    part = f"--{boundary}\r\nContent-Disposition: form-data; name="
    head = (
        f'{part}"operations"\r\n\r\n{json.dumps({"query": query, "variables": variables})}\r\n'
        f'{part}"map"\r\n\r\n{{"0": ["variables.input.files.0"]}}\r\n'
        f'{part}"0"; filename="{path.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()

    def body():
        yield head
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                yield chunk
                print("sent", file.tell(), "of", size, flush=True)
        yield tail

    length = str(len(head) + size + len(tail))
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Content-Length": length}
    result = json.load(post(body(), headers))
    errors = result.get("errors") or result["data"]["uploadTaskFiles"]["errors"]
    if errors:
        raise RuntimeError(errors)
    return result["data"]["uploadTaskFiles"]["files"][0]


new = upload(path, task, uuid.uuid4().hex)
print("uploaded", new["id"], flush=True)

with urllib.request.urlopen(urllib.request.Request(new["url"], headers=AUTH)) as content:
    print("downloaded", len(content.read()), "bytes", flush=True)


def files(task):
    """All files of a task, page by page."""
    query = """query ($id: ID!, $after: String) { task(id: $id) {
      files(first: 20, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } } }"""
    page = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        found = execute(query, id=task, after=page["endCursor"])["task"]["files"]
        yield from found["nodes"]
        page = found["pageInfo"]


for file in files(task):
    print("listed", file["name"], flush=True)


def added(task):
    """New files, over lost connections and restarts: Last-Event-ID says where to continue."""
    query = "subscription ($on: ID!) { fileAdded(on: $on) { file { name } } }"
    body = json.dumps({"query": query, "variables": {"on": task}}).encode()
    while True:
        cursor = cursor_file.read_text() if cursor_file.exists() else ""
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream", "Last-Event-ID": cursor}
        try:
            data = ""
            for line in post(body, headers):
                field, _, value = line.decode().strip().partition(": ")
                if field == "id":
                    cursor = value
                elif field == "data":
                    data = value
                elif not line.strip():  # the end of an event
                    if data:
                        yield json.loads(data)["data"]["fileAdded"]["file"]
                    cursor_file.write_text(cursor)
                    data = ""
        except urllib.error.HTTPError:
            raise  # refused, such as 410 for a cursor that has expired
        except (OSError, http.client.HTTPException) as error:
            print("reconnecting", error, flush=True)
        time.sleep(1)


for file in added(task):
    print("added", file["name"], flush=True)
