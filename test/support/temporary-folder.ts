import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates a folder, which is removed with its content when it is disposed of. */
export const temporaryFolder = (purpose = 'test') => mkdtempDisposable(join(tmpdir(), `attache-${purpose}-`));
