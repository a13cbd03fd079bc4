import type { User } from '../../database/entities/index.ts';

/**
 * The id as the last digits of a UUID: ONLYOFFICE's users have UUIDs, and typed clients parse them.
 */
const encodeUserId = (id: number): string => `00000000-0000-0000-0000-${String(id).padStart(12, '0')}`;

export const encodeUser = (user: User | undefined) =>
  user
    ? {
        id: encodeUserId(user.id),
        displayName: user.displayName,
        title: user.title,
        avatarSmall: user.avatarUrl ?? '',
        profileUrl: user.profileUrl ?? '',
      }
    : null;
