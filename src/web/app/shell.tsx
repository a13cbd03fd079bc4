import { Anchor, AppShell, Box, Burger, Button, Group, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type KeyboardEvent, Suspense, useRef } from 'react';
import { Link, Route, Switch } from 'wouter';
import { FilesView } from '../files/files-view.tsx';
import { ConnectionLight } from '../live/connection-light.tsx';
import { messages } from '../messages/messages.ts';
import { EntityList } from '../places/entity-list.tsx';
import { PlaceView } from '../places/place-view.tsx';
import { ProjectList } from '../places/project-list.tsx';
import { useViewer } from '../sign-in/viewer.tsx';
import { ColourSelect } from './colour-select.tsx';
import { lazy } from './lazy.tsx';
import { Loading } from './loading.tsx';
import { Navigation } from './navigation.tsx';
import { NotFound } from './not-found.tsx';
import { ScopeNotice } from './scope-notice.tsx';

import classes from './shell.module.css';
import { useShortcuts } from './shortcuts.ts';
import { useViewChange } from './use-view-change.ts';

const FileView = lazy(
  () => import('../files/file-view.tsx'),
  (module) => module.FileView,
);
const AccountView = lazy(
  () => import('../account/account-view.tsx'),
  (m) => m.AccountView,
);
const AdminView = lazy(
  () => import('../admin/admin-view.tsx'),
  (m) => m.AdminView,
);
const MembersPanel = lazy(
  () => import('../members/members-panel.tsx'),
  (m) => m.MembersPanel,
);
const SharingPanel = lazy(
  () => import('../sharing/sharing-panel.tsx'),
  (m) => m.SharingPanel,
);

const ShortcutsDialog = lazy(
  () => import('./shortcuts-dialog.tsx'),
  (m) => m.ShortcutsDialog,
);

/** The frame around every view: header, navigation, content. */
export function Shell({ onSignOut }: { onSignOut(): void }) {
  const viewer = useViewer();
  const [isOpen, { toggle, close }] = useDisclosure();
  const burger = useRef<HTMLButtonElement>(null);
  const closeByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    close();
    burger.current?.focus();
  };
  const shortcuts = useShortcuts();
  useViewChange();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <button type="button" className={classes.skip} onClick={() => document.querySelector('main')?.focus()}>
          {messages.navigation.skip}
        </button>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap">
            <Burger
              ref={burger}
              opened={isOpen}
              onClick={toggle}
              onKeyDown={closeByKey}
              hiddenFrom="sm"
              size="sm"
              aria-label={messages.navigation.menu}
              aria-expanded={isOpen}
            />
            <Title order={1} size="h3">
              {messages.appName}
            </Title>
          </Group>
          <Group wrap="nowrap">
            <ConnectionLight />
            <Anchor component={Link} href="/account" truncate maw={200} visibleFrom="sm">
              <bdi>{viewer.displayName}</bdi>
            </Anchor>
            <Button variant="default" onClick={onSignOut}>
              {messages.signIn.signOut}
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md" aria-label={messages.navigation.label} onClick={close} onKeyDown={closeByKey}>
        <Navigation canAdminister={viewer.canAdminister} />
        {/* A choice does not close the navigation of a phone. */}
        <Box mt="auto" onClick={(event) => event.stopPropagation()}>
          <ColourSelect />
        </Box>
        <Button variant="subtle" color="gray" size="compact-sm" mt="xs" visibleFrom="sm" onClick={shortcuts.open}>
          {messages.shortcuts.title}
        </Button>
      </AppShell.Navbar>
      {shortcuts.isOpen && (
        <Suspense>
          <ShortcutsDialog shortcuts={shortcuts} />
        </Suspense>
      )}
      <AppShell.Main tabIndex={-1} className={classes.main ?? ''}>
        <ScopeNotice scope="READ" />
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/projects" component={ProjectList} />
            <Route path="/account" component={AccountView} />
            <Route path="/admin/*?" component={AdminView} />
            <Route path="/:id/members">{({ id }) => <MembersPanel projectId={id} />}</Route>
            <Route path="/:id/sharing">{({ id }) => <SharingPanel id={id} />}</Route>
            <Route path="/contacts">
              <EntityList key="CONTACT" type="CONTACT" />
            </Route>
            <Route path="/opportunities">
              <EntityList key="OPPORTUNITY" type="OPPORTUNITY" />
            </Route>
            <Route path="/cases">
              <EntityList key="CASE" type="CASE" />
            </Route>
            <Route path="/files" component={FilesView} />
            <Route path={/^\/(?<id>File:\d+)$/}>{({ id = '' }) => <FileView fileId={id} />}</Route>
            <Route path={/^\/(?<id>(?:Project|Task|Comment|Contact|Opportunity|Case):\d+)$/}>
              {({ id = '' }) => <PlaceView placeId={id} />}
            </Route>
            <Route path="/" component={ProjectList} />
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}
