import { expect, test } from 'vitest';
import { ask, codeOf } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { kinds } from '../support/entity-kinds.ts';
import { attach, fileQuery, list, uploadFile } from '../support/files.ts';
import { few } from '../support/length.ts';
import { newPerson, type Person } from '../support/people.ts';
import { randomOf } from '../support/random-changes.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/**
 * Three places decide what a viewer sees: the policy, the statement that looks up a file, and the
 * conditions of lists. Files in random states show whether they agree.
 */

interface Place {
  id: string;
  access: 'HIDDEN' | 'SEEN' | 'EDITED';
}

const FILES = 40;

test.each([1, 2, 3].slice(0, few(1, 3)))(
  'a file by its id, the lists and the rule agree on files in random states (%i)',
  async (seed) => {
    await using server = await startTestServer();
    const random = randomOf(seed);
    const pick = <T>(some: readonly T[]) => some[Math.floor(random() * some.length)] as T;
    const vera = await newPerson(server, 'Vera');
    const places = await makePlaces(server, vera);
    const files: { id: string; isOwn: boolean; available: boolean; primary: Place | undefined; others: Place[] }[] = [];
    for (let index = 0; index < FILES; index++) {
      const available = random() < 0.5;
      const primary = random() < 0.8 ? pick(places) : undefined;
      const file = await uploadFile(server, primary?.id ?? null, `${index}`, { available });
      const others = [...new Set([pick(places), pick(places)])].filter((place) => place !== primary && random() < 0.5);
      for (const { id } of others) await attach(server, id, [file.id]);
      const isOwn = random() < 0.5;
      files.push({ id: file.id, isOwn, available, primary, others });
    }
    // SQL sets what would take many requests: the uploader, and the lack of a primary attachment.
    const numbers = (some: typeof files) => some.map(({ id }) => Number(id.split(':')[1])).join(', ') || '0';
    const own = files.filter(({ isOwn }) => isOwn);
    const veraId = Number(vera.id.split(':')[1]);
    await runSql(server.dataDir, `update files set created_by_id = ? where id in (${numbers(own)})`, veraId);
    const withoutPrimary = files.filter(({ primary }) => !primary);
    await runSql(
      server.dataDir,
      `update attachments set is_primary = false where file_id in (${numbers(withoutPrimary)})`,
    );
    await runSql(server.dataDir, `update files set has_primary = false where id in (${numbers(withoutPrimary)})`);

    const expected = files.filter((file) => isSeen(file)).map(({ id }) => id);
    const byId: string[] = [];
    for (const { id } of files) if (!(await codeOf(server, fileQuery, { id }, vera.key))) byId.push(id);
    const listed = (await list(server, null, 'first: 100', vera.key)).edges.map(({ node }) => node.id);
    expect(byId).toEqual(expected);
    expect(listed.toSorted()).toEqual(expected.toSorted());
    expect(expected.length).toBeGreaterThan(5);
    expect(expected.length).toBeLessThan(FILES - 5);
    for (const place of places) {
      if (place.access === 'HIDDEN') continue;
      const here = files
        .filter(({ primary, others }) => primary === place || others.includes(place))
        .map(({ id }) => id);
      const there = await list(server, place.id, 'first: 100', vera.key);
      const seen = here.filter((id) => expected.includes(id));
      expect([place.id, there.edges.map(({ node }) => node.id).toSorted()]).toEqual([place.id, seen.toSorted()]);
      expect(there.totalCount).toBe(seen.length);
    }
  },
);

/** The rule, written independently of the policy. */
function isSeen({
  isOwn,
  available,
  primary,
  others,
}: {
  isOwn: boolean;
  available: boolean;
  primary: Place | undefined;
  others: Place[];
}) {
  if (primary?.access === 'EDITED') return true;
  if (isOwn && primary?.access !== 'HIDDEN') return true;
  return available && [...(primary ? [primary] : []), ...others].some(({ access }) => access !== 'HIDDEN');
}

/** Attachables of every type, each hidden from, visible to and editable by the viewer. */
async function makePlaces(server: TestServer, vera: Person): Promise<Place[]> {
  const places: Place[] = [];
  for (const access of ['HIDDEN', 'SEEN', 'EDITED'] as const) {
    type Made = Record<string, Record<string, { id: string }>>;
    const made = async (mutation: string) => {
      const [payload = {}] = Object.values(await ask<Made>(server, `mutation { ${mutation} }`));
      return Object.values(payload)[0]?.id ?? '';
    };
    const project = await made('createProject(input: { title: "P" }) { project { id } }');
    const role = access === 'SEEN' ? 'VIEWER' : 'EDITOR';
    if (access !== 'HIDDEN')
      await made(
        `addProjectMember(input: { projectId: "${project}", userId: "${vera.id}", role: ${role} }) { project { id } }`,
      );
    const task = await made(`createTask(input: { projectId: "${project}", title: "T" }) { task { id } }`);
    const comment = await made(`createComment(input: { taskId: "${task}", body: "C" }) { comment { id } }`);
    const inProject = [project, task, comment].map((id) => ({ id, access }));
    const level = access === 'SEEN' ? 'READ' : 'READ_WRITE';
    const accessList = access === 'HIDDEN' ? [] : [{ userId: vera.id, access: level } as const];
    for (const kind of ['Contact', 'Opportunity', 'Case'] as const)
      places.push({ id: await kinds[kind].create(server, { isPrivate: true, accessList }), access });
    const shareType = { HIDDEN: 'NONE', SEEN: 'READ', EDITED: 'READ_WRITE' }[access];
    const contact = await made(
      `createContact(input: { displayName: "C", shareType: ${shareType} }) { contact { id } }`,
    );
    places.push(...inProject, { id: contact, access });
  }
  return places;
}
