import { Command } from 'commander';
import type { Environment } from '../folders.ts';

export const loginCommand = (env: Environment): Command =>
  new Command('login')
    .description('store the API key of a server, for all other commands')
    .argument('[url]', 'the server, as in https://files.example.com')
    .addHelpText(
      'after',
      `
Prompts for the key, or reads it from standard input. A key is never an argument,
because other users of the machine can read arguments.
The server becomes the default one.`,
    )
    .action(async (url: string | undefined) => {
      const { login } = await import('../login/login.ts');
      await login(env, url);
    });

export const logoutCommand = (env: Environment): Command =>
  new Command('logout')
    .description('remove the stored key of a server')
    .argument('[url]', 'the server; without it, the default one')
    .action(async (url: string | undefined) => {
      const { logout } = await import('../login/login.ts');
      await logout(env, url);
    });
