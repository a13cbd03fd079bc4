import { z } from 'zod';

/** What people call things. */
export const title = z.string().trim().min(1, 'must not be empty').max(500, 'may have at most 500 characters');

/** What people write about things. */
export const longText = z.string().max(100_000, 'may have at most 100,000 characters');

/** What people say to each other: at least something. */
export const saying = longText.refine((text) => text.trim() !== '', 'must not be empty');
