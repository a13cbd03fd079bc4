import SqliteDatabase from 'better-sqlite3';
import { Client } from 'pg';
import type { DatabaseLocation } from '../../src/database/database.ts';

/** Explains how a database would execute statements. */
export interface Explainer extends AsyncDisposable {
  /** The tables or indexes that the statement would scan as a whole. */
  walksOf(sql: string): Promise<string[]>;
  analyze(): Promise<void>;
}

export async function openExplainer(place: DatabaseLocation): Promise<Explainer> {
  return place.kind === 'sqlite' ? explainSqlite(place.file) : explainPostgres(place.url);
}

function explainSqlite(file: string): Explainer {
  const database = new SqliteDatabase(file);
  return {
    async walksOf(sql) {
      const nulls = Array<null>(sql.split('?').length - 1).fill(null);
      const steps = database.prepare(`explain query plan ${sql}`).all(...nulls) as { detail: string }[];
      return steps.flatMap(({ detail }) => {
        const alias = /^SCAN (\w+)/.exec(detail)?.[1];
        return alias === undefined ? [] : [tableOf(sql, alias)];
      });
    },
    async analyze() {
      database.exec('analyze');
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

/** SQLite names a table by its alias. */
function tableOf(sql: string, alias: string): string {
  const named = new RegExp(
    `\\b(?:from|join|update|into)\\s+[\`"]?(\\w+)[\`"]?\\s+(?:as\\s+)?[\`"]?${alias}\\b`,
    'i',
  ).exec(sql);
  return named?.[1] ?? alias;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

async function explainPostgres(url: string): Promise<Explainer> {
  const client = new Client({ connectionString: url });
  await client.connect();
  // A bitmap of a whole index costs as much as the scan that it replaces.
  const scannedTables = (node: PlanNode): string[] => {
    const { 'Node Type': type, 'Relation Name': table, 'Index Cond': condition, Plans: below = [] } = node;
    const isScan = type === 'Seq Scan' || (/^Index/.test(type) && condition === undefined);
    return [...(isScan && table ? [table] : []), ...below.flatMap(scannedTables)];
  };
  return {
    async walksOf(sql) {
      let number = 0;
      const numbered = sql.replaceAll('?', () => `$${++number}`);
      const { rows } = await client.query(`explain (generic_plan, format json) ${numbered}`);
      return rows[0]['QUERY PLAN'].flatMap(({ Plan }: { Plan: PlanNode }) => scannedTables(Plan));
    },
    async analyze() {
      await client.query('analyze');
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
