/**
 * @generated SignedSource<<5e09638534c55e8d0d2f96c0e383fd75>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type filesUploadMutation$variables = {
  files: ReadonlyArray<File>;
  taskId: string;
};
export type filesUploadMutation$data = {
  readonly uploadTaskFiles: {
    readonly errors: ReadonlyArray<{
      readonly filename: string;
      readonly message: string;
    }>;
    readonly files: ReadonlyArray<{
      readonly id: string;
      readonly name: string;
    }>;
  };
};
export type filesUploadMutation = {
  response: filesUploadMutation$data;
  variables: filesUploadMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "files"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "taskId"
},
v2 = [
  {
    "alias": null,
    "args": [
      {
        "fields": [
          {
            "kind": "Variable",
            "name": "files",
            "variableName": "files"
          },
          {
            "kind": "Variable",
            "name": "taskId",
            "variableName": "taskId"
          }
        ],
        "kind": "ObjectValue",
        "name": "input"
      }
    ],
    "concreteType": "UploadTaskFilesPayload",
    "kind": "LinkedField",
    "name": "uploadTaskFiles",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "File",
        "kind": "LinkedField",
        "name": "files",
        "plural": true,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "name",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "FileError",
        "kind": "LinkedField",
        "name": "errors",
        "plural": true,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "filename",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "message",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "filesUploadMutation",
    "selections": (v2/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "filesUploadMutation",
    "selections": (v2/*:: as any*/)
  },
  "params": {
    "cacheID": "f1090865b30ef3dfd06a146762a35504",
    "id": null,
    "metadata": {},
    "name": "filesUploadMutation",
    "operationKind": "mutation",
    "text": "mutation filesUploadMutation(\n  $taskId: ID!\n  $files: [Upload!]!\n) {\n  uploadTaskFiles(input: {taskId: $taskId, files: $files}) {\n    files {\n      id\n      name\n    }\n    errors {\n      filename\n      message\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "2154f5fb95359c2f713b24319eb3c968";

export default node;
