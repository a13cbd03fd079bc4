import { Alert, Button, Text } from '@mantine/core';
import { type FunctionComponent, startTransition, use, useState } from 'react';
import { serverUrl } from '../api/server-url.ts';
import { messages } from '../messages/messages.ts';
import { RetryNotice } from './retry-notice.tsx';

/** Why a module could not be loaded. */
interface LoadFailure {
  /** Whether the server answers: then it no longer has the modules of this version of the page. */
  isOutdated: boolean;
}

/**
 * A component of a module that is loaded when it is first rendered. When the server is away, it
 * says so and tries again, where `lazy` of React would end the whole page.
 */
export function lazy<Module, Props extends object>(
  load: () => Promise<Module>,
  pick: (module: Module) => FunctionComponent<Props>,
): FunctionComponent<Props> {
  let loading: Promise<Module | LoadFailure> | undefined;

  return function Lazy(props) {
    const [, setAttempt] = useState(0);
    loading ??= loadOrExplain(load);
    const loaded = use(loading);
    if (!isFailure(loaded)) {
      const View = pick(loaded);
      return <View {...props} />;
    }
    if (loaded.isOutdated) return <OutdatedNotice />;
    const tryAgain = () => {
      loading = undefined;
      // The notice stays until the answer.
      startTransition(() => setAttempt((attempt) => attempt + 1));
    };
    return <RetryNotice failure={loaded} onRetry={tryAgain} />;
  };
}

const isFailure = (loaded: unknown): loaded is LoadFailure =>
  typeof loaded === 'object' && loaded !== null && 'isOutdated' in loaded;

async function loadOrExplain<Module>(load: () => Promise<Module>): Promise<Module | LoadFailure> {
  try {
    return await load();
  } catch {
    if (!(await isServerThere())) return { isOutdated: false };
    return load().catch(() => ({ isOutdated: true }));
  }
}

async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch(serverUrl('.'), { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

function OutdatedNotice() {
  return (
    <Alert color="red" role="alert">
      <Text size="sm">{messages.outdated.text}</Text>
      <Button size="compact-sm" variant="default" mt="xs" onClick={() => location.reload()}>
        {messages.outdated.reload}
      </Button>
    </Alert>
  );
}
