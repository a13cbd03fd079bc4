import { expect, test } from 'vitest';
import { buffersOf64KiB, buffersOf128KiB, GrowingBuffer } from '../../src/storage/buffers.ts';
import { bytesOf } from './bytes.ts';
import { KIB } from './opened.ts';

test.each([1, 1000, 17 * KIB, 32 * KIB, 32 * KIB + 1, 64 * KIB, 64 * KIB + 1, 128 * KIB, 128 * KIB + 1, 900 * KIB])(
  'a buffer grows to %i bytes in chunks of any size, and is at most twice as large, or a KiB',
  (size) => {
    const bytes = bytesOf(size);
    for (const chunkSize of [100, 5000, 64 * KIB, size]) {
      const buffer = new GrowingBuffer();
      for (let offset = 0; offset < size; offset += chunkSize) {
        const chunk = bytes.subarray(offset, offset + chunkSize);
        const capacity = buffer.capacityFor(buffer.size + chunk.length);
        buffer.write(chunk);
        expect(buffer.capacity).toBe(capacity);
        expect(capacity).toBeLessThanOrEqual(Math.max(2 * buffer.size, KIB));
      }
      expect(buffer.bytes.equals(bytes)).toBe(true);
      buffer.free();
      expect([buffer.size, buffer.capacity]).toEqual([0, 0]);
    }
  },
);

test('the memory of a freed buffer is used again, once, and never that of one which others may read', () => {
  for (const { size, acquire, release } of [buffersOf64KiB, buffersOf128KiB].map((pool) => ({
    size: pool.size,
    acquire: () => pool.acquire(),
    release: (buffer: Buffer) => pool.release(buffer),
  }))) {
    const taken = Array.from({ length: 100 }, acquire); // the pool is empty now
    const filled = () => {
      const buffer = new GrowingBuffer();
      buffer.write(Buffer.alloc(size, 1));
      return { buffer, memory: buffer.bytes.buffer };
    };
    const freed = filled();
    freed.buffer.free();
    freed.buffer.free();
    const shared = filled();
    expect(shared.memory).toBe(freed.memory);
    shared.buffer.free({ reuse: false });
    const others = [filled(), filled()];
    expect(new Set([shared.memory, ...others.map(({ memory }) => memory)]).size).toBe(3);
    for (const buffer of taken) release(buffer);
  }
});
