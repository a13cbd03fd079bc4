/**
 * @generated SignedSource<<b5aa01fcda77238609300229a2be0f96>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
export type filesAddedSubscription$variables = {
  after?: string | null | undefined;
  on: string;
};
export type filesAddedSubscription$data = {
  readonly fileAdded: {
    readonly cursor: string;
    readonly file: {
      readonly id: string;
      readonly name: string;
    };
  };
};
export type filesAddedSubscription = {
  response: filesAddedSubscription$data;
  variables: filesAddedSubscription$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "after"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "on"
},
v2 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "after",
        "variableName": "after"
      },
      {
        "kind": "Variable",
        "name": "on",
        "variableName": "on"
      }
    ],
    "concreteType": "FileEvent",
    "kind": "LinkedField",
    "name": "fileAdded",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "cursor",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "concreteType": "File",
        "kind": "LinkedField",
        "name": "file",
        "plural": false,
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
    "name": "filesAddedSubscription",
    "selections": (v2/*:: as any*/),
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "filesAddedSubscription",
    "selections": (v2/*:: as any*/)
  },
  "params": {
    "cacheID": "8bd044944f41a36d6377ac4f8575e1e8",
    "id": null,
    "metadata": {},
    "name": "filesAddedSubscription",
    "operationKind": "subscription",
    "text": "subscription filesAddedSubscription(\n  $on: ID!\n  $after: String\n) {\n  fileAdded(on: $on, after: $after) {\n    cursor\n    file {\n      id\n      name\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "73bef59f1afe83221b4540118cca6295";

export default node;
