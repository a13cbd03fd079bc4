import { type EntityClass, wrap } from '@mikro-orm/core';
import { expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import {
  Attachment,
  Contact,
  Currency,
  File,
  Project,
  ProjectMember,
  Task,
  User,
} from '../../src/database/entities/index.ts';
import { insertRows } from '../../src/database/insert-rows.ts';
import { openDatabase } from '../../src/database/open.ts';
import { type Row, rowsById, rowsWhere } from '../../src/database/rows.ts';
import { createPlace } from '../support/database.ts';

const createdAt = new Date('2026-11-27T14:30:00.123Z');
const other = new Date('0099-03-01T00:00:00.001Z');

/** Creates rows with a value and with null for every kind of column. */
async function fill(database: Database) {
  const em = database.em();
  const user = em.create(User, { displayName: 'Ada', email: null, isAdmin: true, createdAt });
  const named = { title: 'A', description: "it's ? and ??", createdBy: user, createdAt };
  const project = em.create(Project, { ...named, maxBytes: 2 ** 53 - 1, maxFiles: null });
  em.create(ProjectMember, { project, user, role: 'EDITOR' });
  const currency = { title: 'Euro', symbol: '€', cultureName: 'DE', isConvertible: true, isBasic: false };
  const euro = em.create(Currency, { abbreviation: 'XEU', ...currency });
  const contact = { isCompany: false, createdBy: user, createdAt };
  const company = em.create(Contact, { displayName: 'with', currency: euro, isPrivate: true, ...contact });
  em.create(Contact, { displayName: 'without', currency: null, ...contact });
  const task = { ...named, titleKey: 'a', project };
  em.create(Task, { ...task, deadline: other, contact: company, entityType: 'Case', entityId: 7, isClosed: true });
  em.create(Task, { ...task, deadline: null });
  await em.flush();
  return { em, user: { id: user.id } };
}

const newFile = (by: { id: number }): Omit<Row<File>, 'id'> => ({
  ...{ versionGroup: 'a', version: 1, isNewest: false, name: "it's \u{1f600} ?.png", nameKey: 'x', size: 2 ** 40 },
  ...{ contentType: 'image/png', charset: 'utf-8', width: 3, height: null, sha256: 'ab', blobKey: 'cd' },
  ...{ hasPrimary: false, status: 'APPROVED' },
  ...{
    available: true,
    createdFrom: 'REWORK',
    uploadTokenId: null,
    createdBy: by,
    createdAt,
    updatedBy: by,
    updatedAt: other,
  },
});

const plain = (entities: object[]) => entities.map((entity) => JSON.parse(JSON.stringify(wrap(entity).toPOJO())));
/** Rows in the form of `plain`, which replaces a reference by its key. */
const ofRows = (rows: object[]) =>
  rows.map((row) =>
    JSON.parse(
      JSON.stringify({ ...row }, (_key, value) => {
        const keys = value && typeof value === 'object' ? Object.keys(value) : [];
        return keys.length === 1 && ['id', 'abbreviation'].includes(keys[0] as string)
          ? Object.values(value)[0]
          : value;
      }),
    ),
  );

test('rowsWhere returns the same values as the entity for every kind of column', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  const { em, user } = await fill(database);
  await em.transactional((tx) => insertRows(tx, File, [newFile(user)]));

  for (const entity of [User, Project, Contact, Task, File] as EntityClass<object>[]) {
    const rows = await rowsWhere(database.em(), entity, 't.id > ? order by t.id', [0]);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row instanceof entity)).toBe(true);
    expect(ofRows(rows)).toEqual(plain(await database.em().find(entity, {}, { orderBy: { id: 'asc' } as never })));
  }
  const [member] = await rowsWhere(database.em(), ProjectMember, 't.role = ?', ['EDITOR']);
  expect(member).toMatchObject({ project: { id: 1 }, user: { id: user.id }, role: 'EDITOR' });
});

test('insertRows returns the given rows in their order, and rowsById reads the same rows', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  const { em, user } = await fill(database);
  // More rows than one INSERT statement takes.
  const names = Array.from({ length: 1203 }, (_, index) => `${index}`);
  const inserted = await em.transactional((tx) =>
    insertRows(
      tx,
      File,
      names.map((name) => ({ ...newFile(user), versionGroup: name, name })),
    ),
  );
  expect(inserted.map((row) => row.name)).toEqual(names);
  const read = await rowsById(
    database.em(),
    File,
    inserted.map((row) => row.id),
  );
  expect(read.sort((a, b) => a.id - b.id)).toEqual(inserted);
});

test('rowsById sees the changes of its transaction, and insertRows rejects text with U+0000', async () => {
  await using made = await createPlace();
  await using database = await openDatabase(made.place);
  await database.migrate();
  const { user } = await fill(database);
  await database.em().transactional(async (em) => {
    (await em.findOneOrFail(Project, 1)).title = 'changed';
    expect(await rowsById(em, Project, [1, 1])).toMatchObject([{ title: 'changed' }]);
  });
  expect(await rowsById(database.em(), Attachment, [])).toEqual([]);
  const refused = database.em().transactional((em) => insertRows(em, File, [{ ...newFile(user), name: 'a\0b' }]));
  await expect(refused).rejects.toThrow('U+0000');
});
