import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useClient } from 'urql';
import { describeError } from '../api/describe-error.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';

const closeTask = graphql(`
  mutation CloseTask($id: ID!, $isClosed: Boolean!) {
    updateTask(input: { taskId: $id, isClosed: $isClosed }) {
      task {
        id
        isClosed
      }
    }
  }
`);

interface CloseTaskButtonProps {
  task: { id: string; isClosed: boolean };
  onChange(): void;
}

/** The button that marks a task as completed, or opens it again. */
export function CloseTaskButton({ task, onChange }: CloseTaskButtonProps) {
  const client = useClient();
  const [isBusy, setIsBusy] = useState(false);
  const texts = messages.places;

  async function toggle() {
    setIsBusy(true);
    const { error } = await client.mutation(closeTask, { id: task.id, isClosed: !task.isClosed });
    setIsBusy(false);
    if (error) notifications.show({ color: 'red', message: describeError(error), autoClose: false });
    else onChange();
  }

  return (
    <Button variant="default" size="compact-sm" loading={isBusy} onClick={toggle}>
      {task.isClosed ? texts.reopen : texts.complete}
    </Button>
  );
}
