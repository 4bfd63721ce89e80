import { until } from "./company.mjs";

/** expect waits until what is read fits, and says what was read last where it never does. */
export async function expect(read, what, fits) {
  let last;
  return until(what, async () => {
    last = await read();
    return fits(last) ? { last } : undefined;
  })
    .then(r => r.last)
    .catch(e => {
      throw new Error(`${e.message}; the last was ${JSON.stringify(last)}`, { cause: e.cause });
    });
}
