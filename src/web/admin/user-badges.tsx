import { Badge } from '@mantine/core';
import { messages } from '../messages/messages.ts';

interface UserBadgesProps {
  user: { isAdmin: boolean; isService: boolean; isDisabled: boolean; isRemoved?: boolean };
}

/** What is special about a user. */
export function UserBadges({ user }: UserBadgesProps) {
  const texts = messages.users;
  return (
    <>
      {user.isAdmin && <Badge>{texts.administrator}</Badge>}
      {user.isService && <Badge variant="default">{texts.service}</Badge>}
      {user.isRemoved ? (
        <Badge color="red">{texts.removed}</Badge>
      ) : (
        user.isDisabled && <Badge color="gray">{texts.disabled}</Badge>
      )}
    </>
  );
}
