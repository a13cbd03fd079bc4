import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The folder of the examples of deployments. */
export const deploy = resolve(import.meta.dirname, '../../deploy');

export const readDeploy = (path: string): string => readFileSync(join(deploy, path), 'utf8');

/** The documents of every YAML file, by the path of the file. Throws for one that is invalid. */
export function yamlOfDeploy(): Map<string, unknown[]> {
  const paths = readdirSync(deploy, { recursive: true, encoding: 'utf8' }).filter((path) => /\.ya?ml$/.test(path));
  return new Map(paths.map((path) => [path, parseYaml(readDeploy(path))]));
}

function parseYaml(text: string): unknown[] {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error) throw error;
    return document.toJS();
  });
}

export interface Query {
  /** The panel or the alert. */
  title: string;
  expr: string;
}

interface Rules {
  groups: { rules: { alert: string; expr: string }[] }[];
}

/** The queries of the alerts. */
export function alertQueries(): Query[] {
  const [{ groups }] = parseYaml(readDeploy('prometheus/attache.rules.yml')) as [Rules];
  return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ title: alert, expr })));
}

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

/** The queries of the dashboard, with the variables of Grafana replaced. */
export function dashboardQueries(rateInterval: string): Query[] {
  const { panels } = JSON.parse(readDeploy('grafana/attache.json')) as Dashboard;
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({
      title,
      expr: expr.replaceAll('$__rate_interval', rateInterval).replaceAll('$instance', '.*'),
    })),
  );
}
