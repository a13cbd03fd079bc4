/** Runs something that prints warnings which say nothing about the test. */
export async function silenced<T>(run: () => Promise<T>): Promise<T> {
  const { warn, info } = console;
  Object.assign(console, { warn() {}, info() {} });
  try {
    return await run();
  } finally {
    Object.assign(console, { warn, info });
  }
}
