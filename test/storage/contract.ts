import type { OpenStorage } from './opened.ts';
import { reading } from './reading.ts';
import { resuming } from './resuming.ts';
import { storing } from './storing.ts';

/** What every place for bytes promises, whatever it is made of. Each test gets a storage of its own. */
export function storageContract(name: string, openStorage: OpenStorage): void {
  storing(name, openStorage);
  reading(name, openStorage);
  resuming(name, openStorage);
}
