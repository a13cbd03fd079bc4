import type { OpenStorage } from './opened.ts';
import { reading } from './reading.ts';
import { resuming } from './resuming.ts';
import { storing } from './storing.ts';

/** The contract of every storage back end. Each test opens its own storage. */
export function storageContract(name: string, openStorage: OpenStorage): void {
  storing(name, openStorage);
  reading(name, openStorage);
  resuming(name, openStorage);
}
