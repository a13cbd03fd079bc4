import { Anchor, Button, Group, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { type Connection, usePages } from '../api/use-pages.ts';
import { Fact } from '../app/exact-time.tsx';
import { useHashChoice, useHashText } from '../app/hash-location.ts';
import { ListedRecord, RecordList } from '../app/record-list.tsx';
import { SearchInput } from '../app/search-input.tsx';
import type { UserFilter } from '../generated/graphql.ts';
import { messages } from '../messages/messages.ts';
import { CreateUserDialog } from './create-user-dialog.tsx';
import { UserBadges } from './user-badges.tsx';
import { readUsers, type UserRecord } from './user-documents.ts';

const KINDS = {
  all: {},
  people: { isService: false },
  service: { isService: true },
  admins: { isAdmin: true },
  disabled: { isDisabled: true },
} satisfies Record<string, UserFilter>;
type Kind = keyof typeof KINDS;
const kinds = ['all', 'people', 'service', 'admins', 'disabled'] as const satisfies readonly Kind[];

/** The users, with a search in names and email addresses. */
export function UserList() {
  const [search, setSearch] = useHashText('user');
  const [kind, setKind] = useHashChoice('kind', kinds);
  const [isCreating, setIsCreating] = useState(false);
  const read = useMemo(() => readUsers({ ...KINDS[kind], ...(search && { search }) }), [kind, search]);
  const pages = usePages<UserRecord, Connection<UserRecord>>(read);
  const texts = messages.users;
  return (
    <>
      <Group gap="xs" mb="xs">
        <SearchInput label={texts.search} value={search} onSearch={setSearch} />
        <NativeSelect
          aria-label={texts.kind}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
          data={kinds.map((value) => ({ value, label: texts.kinds[value] }))}
        />
        <Button onClick={() => setIsCreating(true)}>{texts.create}</Button>
      </Group>
      <RecordList label={texts.title} pages={pages} none={texts.none}>
        {(user) => (
          <ListedRecord
            title={
              <Anchor component={Link} href={`/admin/users/${user.id}`}>
                {user.displayName}
              </Anchor>
            }
            badges={<UserBadges user={user} />}
            details={[
              { key: 'id', value: user.id },
              { key: 'email', value: user.email },
              { key: 'created', value: <Fact text={messages.records.created} at={user.createdAt} /> },
            ]}
          />
        )}
      </RecordList>
      {isCreating && <CreateUserDialog onClose={() => setIsCreating(false)} />}
    </>
  );
}
