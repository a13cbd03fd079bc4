import { signLink } from '../../auth/signed-links.ts';
import { distinctFileIds, MAX_CHOSEN_FILES } from '../../files/archive.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ids.ts';

builder.queryField('zipUrl', (t) =>
  t.string({
    description:
      'URL of a ZIP archive of the chosen files, wherever they are attached, each in the version that is given. With ' +
      '`expiresIn`, a signed link as in `File.url`. The URL is answered 404 unless you may see every one of them.',
    args: {
      fileIds: t.arg.idList({
        required: true,
        description: `Ids of 1 to ${MAX_CHOSEN_FILES} files, as in \`File:1\`. BAD_USER_INPUT for more.`,
      }),
      expiresIn: t.arg.int({
        description:
          'Lifetime of a signed link in seconds, 1 to 604,800 (one week). When omitted, the URL is not signed.',
      }),
    },
    resolve: (_root, { fileIds, expiresIn }, context) => {
      const list = distinctFileIds(fileIds.map((id) => idOf('File', id))).join();
      const url = `${context.publicUrl}/files/zip?files=${list}`;
      return expiresIn == null ? url : `${url}&token=${signLink(context, `files ${list}`, expiresIn)}`;
    },
  }),
);
