import type { AddOptions } from '../../attachments/add-files.ts';
import { fileOrigins, fileStatuses } from '../../attachments/update-file.ts';
import { BadUserInputError } from '../../errors.ts';

/**
 * Parses the form's fields. A field that is absent, empty or the word `null` has its default.
 * Throws `BadUserInputError`.
 */
export function parseUploadOptions(
  fields: readonly (readonly [name: string, value: string])[],
): Omit<AddOptions, 'on'> {
  const values = new Map(fields.map(([name, value]) => [name, value.trim()]));
  const given = (name: string) => {
    const value = values.get(name);
    return value === undefined || value === '' || value === 'null' ? undefined : value;
  };
  return {
    available: parseBoolean('available', given('available')) ?? true,
    sessionToken: given('session_token'),
    parentId: parseNumber('attachment_parent_id', given('attachment_parent_id')),
    status: parseEnum('status', given('status'), fileStatuses) ?? null,
    createdFrom: parseEnum('created_from', given('created_from'), fileOrigins) ?? 'TASK_PANEL',
  };
}

function parseBoolean(name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (/^(?:true|1)$/i.test(value)) return true;
  if (/^(?:false|0)$/i.test(value)) return false;
  throw new BadUserInputError(`${name} must be true or false.`);
}

function parseNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,9}$/.test(value)) return Number(value);
  throw new BadUserInputError(`${name} must be the number of an attachment.`);
}

function parseEnum<Value extends string>(name: string, value: string | undefined, values: readonly Value[]) {
  if (value === undefined) return undefined;
  const found = values.find((one) => one === value.toUpperCase());
  if (!found)
    throw new BadUserInputError(`${name} must be one of ${values.map((one) => one.toLowerCase()).join(', ')}.`);
  return found;
}
