import { expect } from 'vitest';
import { readRows } from './read-rows.ts';

/** Places whose stored count of files differs from the count of their rows. */
const differences = `
  select counted.place, counted.files, counted.drafts, t.files as "keptFiles", t.drafts as "keptDrafts" from (
    select a.on_type || ':' || a.on_id as place, count(*) as files, count(case when f.available = false then 1 end) as drafts
      from attachments a join files f on f.id = a.file_id group by a.on_type, a.on_id
  ) counted left join event_topics t on t.topic = counted.place
  where t.topic is null or t.files <> counted.files or t.drafts <> counted.drafts
  union all
  select t.topic, 0, 0, t.files, t.drafts from event_topics t where (t.files <> 0 or t.drafts <> 0)
    and not exists (select 1 from attachments a where a.on_type || ':' || a.on_id = t.topic)`;

/** Files and attachments whose columns for the lists by grants differ from the rows behind them. */
const wrongGrants = `
  select 'File:' || f.id as row from files f where f.is_newest = true
    and f.has_primary <> exists (select 1 from attachments a where a.file_id = f.id and a.is_primary = true)
  union all
  select 'attachment ' || a.id from attachments a where a.is_public <> (
    exists (select 1 from contacts e
      where a.on_type = 'Contact' and e.id = a.on_id and e.is_private = false and e.share_type <> 'NONE')
    or exists (select 1 from opportunities e
      where a.on_type = 'Opportunity' and e.id = a.on_id and e.is_private = false)
    or exists (select 1 from cases e where a.on_type = 'Case' and e.id = a.on_id and e.is_private = false))`;

/**
 * Expects that the stored count of files of every place equals the count of its rows, and that
 * files and attachments are listed for those who may see them.
 */
export async function expectPlacedFilesKept(dataDir: string): Promise<void> {
  expect(await readRows(dataDir, differences), 'counts of files that differ from those kept').toEqual([]);
  expect(await readRows(dataDir, wrongGrants), 'files and attachments with outdated grants').toEqual([]);
}
