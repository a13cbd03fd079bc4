/** https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
const TEXT = 0x1;
const CONTINUATION = 0x0;
const FINAL = 0x80;

/**
 * A text message in two fragments. Servers do not mask frames.
 * https://www.rfc-editor.org/rfc/rfc6455#section-5.4
 */
export const firstFragment = (text: string): Buffer => frame(TEXT, Buffer.from(text));
export const lastFragment = (text: string): Buffer => frame(FINAL | CONTINUATION, Buffer.from(text));

function frame(bits: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([bits, length]), payload]);
  if (length < 65_536) return Buffer.concat([Buffer.from([bits, 126, length >> 8, length & 0xff]), payload]);
  const header = Buffer.alloc(10);
  header.writeUInt8(bits, 0);
  header.writeUInt8(127, 1);
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}
