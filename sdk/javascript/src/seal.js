/**
 * AES-256-GCM under a key that scrypt derives from the `secret_key`.
 *
 * What is sealed opens only with the same `secret_key` and for the same place.
 */

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

/** RFC 7914: 16 MiB and some 40 ms, once a process. */
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 };
/** Bytes at the end of what is sealed. */
const TAG = 16;

/** Derives a key once for each salt that it meets, and keeps the last one. */
export class Sealer {
  #secretKey;
  #salt;
  #key;

  constructor(secretKey) {
    this.#secretKey = secretKey;
  }

  /** A new seal: always a new nonce, and the salt for which the key is known already. */
  async seal(plain, place) {
    const [salt, nonce] = [this.#salt ?? randomBytes(16), randomBytes(12)];
    const cipher = createCipheriv('aes-256-gcm', await this.#derived(salt), nonce).setAAD(place);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const parts = Object.entries({ salt, nonce, sealed });
    return Object.fromEntries(parts.map(([name, part]) => [name, part.toString('base64')]));
  }

  /** What was sealed, or undefined for whatever this key did not seal for this place. */
  async open(seal, place) {
    const [salt, nonce, sealed] = ['salt', 'nonce', 'sealed'].map((name) =>
      Buffer.from(String(seal?.[name]), 'base64'),
    );
    try {
      const decipher = createDecipheriv('aes-256-gcm', await this.#derived(salt), nonce, { authTagLength: TAG });
      decipher.setAAD(place).setAuthTag(sealed.subarray(-TAG));
      return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  #derived(salt) {
    if (!this.#salt?.equals(salt)) {
      this.#salt = salt;
      this.#key = promisify(scrypt)(this.#secretKey, salt, 32, SCRYPT);
    }
    return this.#key;
  }
}
