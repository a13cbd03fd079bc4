/**
 * Renames two keys of the stored events. Inside of a JSON string a quotation mark has a backslash
 * before it, so that no file name or other text of a user contains either key.
 */
export const renamePayloadKeys = `update event_log set payload =
  replace(replace(payload, '"chain":', '"versionGroup":'), '"isHome":', '"isPrimary":')`;
