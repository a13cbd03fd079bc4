import { type AuditAction, type AuditSource, auditActions, auditSources } from '../../audit/audit-entry.ts';
import { type AuditFilter, listAudit } from '../../audit/list-audit.ts';
import { builder } from '../builder.ts';
import { connect } from '../connection.ts';
import { decodeId, encodeId, idOf } from '../ids.ts';
import { AuditLogEntryNode, UserNode } from '../refs.ts';
import { AuditDetail } from './audit-objects.ts';

const valuesOf = <Name extends string>(descriptions: Readonly<Record<Name, string>>) =>
  Object.fromEntries(Object.entries(descriptions).map(([name, description]) => [name, { description }])) as Record<
    Name,
    { description: string }
  >;

const AuditActionEnum = builder.enumType('AuditAction', {
  description: 'An action in the audit log. The names in backticks are those of `details`.',
  values: valuesOf<AuditAction>(auditActions),
});

const AuditSourceEnum = builder.enumType('AuditSource', {
  description: 'What caused an action.',
  values: valuesOf<AuditSource>(auditSources),
});

builder.objectType(AuditLogEntryNode, {
  description:
    'An entry of the audit log: who did what to which object, and from where. For administrators with a key of the ' +
    'scope ADMIN.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'Time of the action.' }),
    action: t.expose('action', { type: AuditActionEnum, description: 'What was done.' }),
    targetId: t.exposeID('target', {
      description: 'Id of the object of the action, as in `File:1`. The object may not exist any more.',
    }),
    details: t.field({
      type: [AuditDetail],
      description: 'Further facts, which depend on the action. At most ten.',
      resolve: ({ details }) =>
        Object.entries(details).map(([name, value]) => ({ name, value: value === null ? null : String(value) })),
    }),
    actor: t.field({
      type: UserNode,
      nullable: true,
      description: 'The user who did it; null for a command of the operator and for the server itself.',
      resolve: ({ actorId }) => actorId,
    }),
    apiKeyId: t.id({
      nullable: true,
      description: 'Id of the API key of the request, as in `ApiKey:1`; null when there was none.',
      resolve: ({ keyId }) => (keyId === null ? null : encodeId('ApiKey', keyId)),
    }),
    via: t.expose('via', { type: AuditSourceEnum, description: 'What caused the action.' }),
    address: t.exposeString('address', {
      nullable: true,
      description:
        'Address of the client, as in `192.0.2.1`; of an IPv6 address the network, as in `2001:db8:1:2::/64`. Null ' +
        'without a request.',
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description:
        'Id of the request: that of its header `X-Request-Id`, or a random one. Operations of a WebSocket have that of ' +
        'its upgrade. Null without a request.',
    }),
  }),
});

const AuditLogFilter = builder.inputType('AuditLogFilter', {
  description: 'Selects entries of the audit log. Omitted fields select all of them.',
  fields: (t) => ({
    actorId: t.id({ description: 'Only actions of this user, as in `User:1`.' }),
    action: t.field({ type: AuditActionEnum, description: 'Only this action.' }),
    targetId: t.id({ description: 'Only actions on this object, as in `File:1`, whether or not it still exists.' }),
    from: t.field({ type: 'DateTime', description: 'Only actions at this time or later.' }),
    to: t.field({ type: 'DateTime', description: 'Only actions before this time.' }),
  }),
});

const AuditLogEdge = builder.edgeObject({
  name: 'AuditLogEdge',
  description: 'An entry in a page of the audit log.',
  type: AuditLogEntryNode,
});

builder.queryField('auditLog', (t) =>
  t.connection(
    {
      type: AuditLogEntryNode,
      description:
        'Entries of the audit log, newest first. Entries are kept for the time that the operator configured, a year by ' +
        'default. FORBIDDEN unless you are an administrator with a key of the scope ADMIN.',
      args: { filter: t.arg({ type: AuditLogFilter, description: 'Selects entries; all of them when omitted.' }) },
      resolve: (_root, args, context) => {
        const { actorId, action, targetId, from, to } = args.filter ?? {};
        const filter: AuditFilter = {
          actorId: actorId == null ? undefined : idOf('User', actorId),
          action: action ?? undefined,
          target: targetId == null ? undefined : targetOf(targetId),
          from: from ?? undefined,
          to: to ?? undefined,
        };
        return connect(context, listAudit(context, filter), args, (entry) => entry.id);
      },
    },
    { name: 'AuditLogConnection', description: 'A page of the audit log.' },
    AuditLogEdge,
  ),
);

/** The id as it is stored. Throws `BadUserInputError` for one that is none. */
function targetOf(id: string): string {
  const { type, id: databaseId } = decodeId(id);
  return encodeId(type, databaseId);
}
