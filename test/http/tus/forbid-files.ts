import { kind, runSql } from '../../support/database.ts';
import type { TestServer } from '../../support/server.ts';

/** Makes inserts into `files` fail, as in a database that is unavailable or full. */
export async function forbidFiles({ dataDir }: Pick<TestServer, 'dataDir'>, isForbidden: boolean): Promise<void> {
  if (kind === 'sqlite') {
    const make = `create trigger forbid before insert on files begin select raise(abort, 'not now'); end`;
    await runSql(dataDir, isForbidden ? make : 'drop trigger forbid');
    return;
  }
  if (!isForbidden) return void (await runSql(dataDir, 'drop trigger forbid on files'));
  await runSql(
    dataDir,
    `create function forbid() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$`,
  );
  await runSql(dataDir, 'create trigger forbid before insert on files execute function forbid()');
}
