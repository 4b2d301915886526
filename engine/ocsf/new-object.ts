import type { JsonObject } from '../records.ts';

/**
 * An empty plain object with room for ten properties.
 *
 * V8 gives `{}` room for four; what comes after lies in a list beside it, which is copied for every three more. What
 * `new` makes has room for ten, until V8 has seen how many its like need. As the prototype is that of every plain
 * object, nothing tells the two apart. It takes a quarter off completing and checking, and a twentieth off the line of
 * JSON that comes after.
 */
export function newObject(): JsonObject {
  return new Roomy();
}

// A function, as a class keeps a prototype of its own. TypeScript does not know that functions make objects.
const Roomy = function () {
  // V8 counts what is put into the object later.
} as unknown as new () => JsonObject;
Roomy.prototype = Object.prototype;

// V8 goes by the first objects made, and settles for less where these are small.
for (let made = 0; made < 10; made++) {
  const object = newObject();
  for (let key = 0; key < 10; key++) object[`key ${key}`] = null;
}
