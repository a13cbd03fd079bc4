import { Alert, Stack, Tabs, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Route, Switch, useLocation } from 'wouter';
import { codeOfError } from '../api/describe-error.ts';
import { ErrorNotice } from '../app/error-notice.tsx';
import { Loading } from '../app/loading.tsx';
import { NotFound } from '../app/not-found.tsx';
import { useTitle } from '../app/use-title.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';
import { AuditLog } from './audit-log.tsx';
import { UserList } from './user-list.tsx';
import { UserView } from './user-view.tsx';

/** Succeeds for administrators with credentials of the scope ADMIN, and for nobody else. */
const mayAdministerQuery = graphql(`
  query MayAdminister {
    viewer {
      isAdmin
    }
    auditLog(first: 1) {
      pageInfo {
        hasNextPage
      }
    }
  }
`);

/** The users and the audit log, for administrators. */
export function AdminView() {
  const [{ data, error }, refetch] = useQuery({ query: mayAdministerQuery });
  const [location, navigate] = useLocation();
  useTitle(messages.admin.title);
  const texts = messages.admin;
  if (error && codeOfError(error) === 'FORBIDDEN') return <Alert color="red">{texts.refused}</Alert>;
  if (error) return <ErrorNotice error={error} onRetry={() => refetch({ requestPolicy: 'network-only' })} />;
  if (!data) return <Loading />;
  return (
    <Stack gap="md">
      <Title order={2}>{texts.title}</Title>
      <Tabs
        keepMounted={false}
        value={location.startsWith('/admin/audit') ? 'audit' : 'users'}
        onChange={(tab) => tab && navigate(`/admin/${tab}`)}
      >
        <Tabs.List>
          <Tabs.Tab value="users">{messages.users.title}</Tabs.Tab>
          <Tabs.Tab value="audit">{messages.audit.title}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="users" pt="md">
          <Switch>
            <Route path="/admin/users/:id">{({ id }) => <UserView key={id} userId={id} />}</Route>
            <Route path="/admin/users?" component={UserList} />
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Tabs.Panel>
        <Tabs.Panel value="audit" pt="md">
          <Route path="/admin/audit/:actor?">{({ actor }) => <AuditLog key={actor ?? ''} actorId={actor} />}</Route>
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
