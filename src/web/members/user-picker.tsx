import { Radio } from '@mantine/core';
import { useMemo, useState } from 'react';
import { readUsers, type UserRecord } from '../admin/user-documents.ts';
import { type Connection, usePages } from '../api/use-pages.ts';
import { MoreButton } from '../app/more-button.tsx';
import { CHOICE_STYLES, ChoiceList, SearchedChoices } from '../app/searched-choices.tsx';
import { messages } from '../messages/messages.ts';

/** Users of one page of the search. */
const PAGE_SIZE = 20;

interface UserPickerProps {
  label: string;
  /** Users who cannot be chosen, because they are members already. */
  memberIds: ReadonlySet<string>;
  /** The id of the chosen user; empty for none. */
  value: string;
  onChange(id: string): void;
}

/** A search in the names and email addresses of users who can sign in, and a choice among them. */
export function UserPicker({ label, memberIds, value, onChange }: UserPickerProps) {
  const [search, setSearch] = useState('');
  const read = useMemo(() => readUsers({ isDisabled: false, ...(search && { search }) }), [search]);
  const pages = usePages<UserRecord, Connection<UserRecord>>(read, PAGE_SIZE);
  const texts = messages.users;

  /** What is chosen must be among what is shown. */
  function searchFor(text: string) {
    setSearch(text);
    onChange('');
  }

  return (
    <SearchedChoices
      label={texts.search}
      onSearch={searchFor}
      list={pages}
      isEmpty={pages.nodes.length === 0}
      none={texts.none}
    >
      <Radio.Group label={label} value={value || null} onChange={onChange}>
        <ChoiceList more={<MoreButton list={pages} />}>
          {pages.nodes.map((user) => (
            <Radio
              key={user.id}
              value={user.id}
              label={<bdi>{user.displayName}</bdi>}
              description={describe(user, memberIds.has(user.id))}
              disabled={memberIds.has(user.id)}
              styles={CHOICE_STYLES}
            />
          ))}
        </ChoiceList>
      </Radio.Group>
    </SearchedChoices>
  );
}

const describe = ({ id, email, isService }: UserRecord, isMember: boolean): string =>
  [email ?? id, ...(isService ? [messages.users.service] : []), ...(isMember ? [messages.members.isMember] : [])].join(
    ' · ',
  );
