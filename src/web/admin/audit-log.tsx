import { Anchor, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { type Connection, usePages } from '../api/use-pages.ts';
import { ExactTime } from '../app/exact-time.tsx';
import { useHashChoice, useHashText } from '../app/hash-location.ts';
import { ListedRecord, RecordList } from '../app/record-list.tsx';
import type { AuditAction, AuditLogFilter, AuditObjectFragment } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { type AuditRecord, nameOf, readAuditLog } from './audit-documents.ts';

/** Types with a view of their own. */
const SHOWN = ['Project', 'Task', 'Comment', 'Contact', 'Opportunity', 'Case', 'File'];

const actions = Object.keys(messages.audit.actions) as AuditAction[];
const actionChoices: ['', ...AuditAction[]] = ['', ...actions];

/**
 * Who did what to which object and from where, newest first; of one user, if given, unless the
 * address says otherwise.
 */
export function AuditLog({ actorId = '' }: { actorId?: string | undefined }) {
  const [action, setAction] = useHashChoice('action', actionChoices);
  const [actor, setActor] = useHashText('actor', actorId);
  const [target, setTarget] = useHashText('target');
  const [from, setFrom] = useHashText('from');
  const [to, setTo] = useHashText('to');
  const key = JSON.stringify(filterOf({ action, actor, target, from, to }));
  const pages = usePages<AuditRecord, Connection<AuditRecord>>(useMemo(() => readAuditLog(JSON.parse(key)), [key]));
  const texts = messages.audit;
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end" component="fieldset" p={0} m={0} bd={0} aria-label={texts.filter}>
        <NativeSelect
          label={texts.action}
          value={action}
          onChange={(event) => setAction(event.currentTarget.value as AuditAction | '')}
          data={[
            { value: '', label: texts.allActions },
            ...actions.map((value) => ({ value, label: texts.actions[value] })),
          ]}
        />
        <IdInput label={texts.actor} placeholder="User:1" value={actor} onChange={setActor} />
        <IdInput label={texts.target} placeholder="File:1" value={target} onChange={setTarget} />
        <TimeInput label={texts.from} value={from} onChange={setFrom} />
        <TimeInput label={texts.to} value={to} onChange={setTo} />
      </Group>
      <RecordList label={texts.title} pages={pages} none={texts.none}>
        {(entry) => <ListedEntry entry={entry} />}
      </RecordList>
    </Stack>
  );
}

interface InputProps {
  label: string;
  value: string;
  onChange(text: string): void;
}

/** The id of an object. It takes effect once it has the form of one. */
function IdInput({ placeholder, value, onChange, label }: InputProps & { placeholder: string }) {
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={value}
      error={value !== '' && !isId(value) && format(messages.audit.notAnId, { example: placeholder })}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      w={140}
    />
  );
}

const TimeInput = ({ label, value, onChange }: InputProps) => (
  <TextInput
    type="datetime-local"
    step={1}
    label={label}
    value={isTime(value) ? value : ''}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
);

const isId = (text: string): boolean => /^[A-Z][A-Za-z]+:\d{1,9}$/.test(text);

/** An address may have any text. */
const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text) && !Number.isNaN(Date.parse(text));

function filterOf(given: {
  action: AuditAction | '';
  actor: string;
  target: string;
  from: string;
  to: string;
}): AuditLogFilter {
  return {
    ...(given.action && { action: given.action }),
    ...(isId(given.actor) && { actorId: given.actor }),
    ...(isId(given.target) && { targetId: given.target }),
    ...(isTime(given.from) && { from: new Date(given.from).toISOString() }),
    ...(isTime(given.to) && { to: new Date(given.to).toISOString() }),
  };
}

/** The name of an object, or its id once it is gone, with a link to where it is shown. */
function Target({ id, object }: { id: string; object: AuditObjectFragment | null }) {
  const name = nameOf(object);
  const [type = ''] = id.split(':');
  const text = <bdi>{name ?? id}</bdi>;
  const isShown = object && (type === 'User' || SHOWN.includes(type));
  return (
    <>
      {isShown ? (
        <Anchor component={Link} href={type === 'User' ? `/admin/users/${id}` : `/${id}`}>
          {text}
        </Anchor>
      ) : (
        text
      )}
      {name && ` (${id})`}
    </>
  );
}

function ListedEntry({ entry }: { entry: AuditRecord }) {
  const { action, at, actor, via, targetId, target, address, apiKeyId, requestId, details } = entry;
  const texts = messages.audit;
  return (
    <ListedRecord
      title={
        <>
          {actor ? (
            <Anchor component={Link} href={`/admin/users/${actor.id}`}>
              <bdi>{actor.displayName}</bdi>
            </Anchor>
          ) : (
            texts.via[via]
          )}
          {': '}
          {texts.actions[action]} <Target id={targetId} object={target} />
        </>
      }
      details={[
        { key: 'at', value: <ExactTime at={at} /> },
        { key: 'address', value: address && format(texts.address, { address }) },
        { key: 'via', value: actor && via !== 'REQUEST' && texts.via[via] },
        { key: 'apiKey', value: apiKeyId },
        ...details.map(({ name, value, object }) => ({
          key: `detail ${name}`,
          value: (
            <>
              {name}: {value === null ? texts.noValue : <Target id={value} object={object} />}
            </>
          ),
        })),
        { key: 'request', value: requestId && format(texts.request, { id: requestId }) },
      ]}
    />
  );
}
