// What a downloaded recording holds.

/** readWAV reads 16-bit PCM as the switch writes it: its rate, and the samples of each channel. */
export function readWAV(file) {
  const text = at => file.toString("latin1", at, at + 4);
  if (text(0) !== "RIFF" || text(8) !== "WAVE") throw new Error(`no WAV: it begins with ${JSON.stringify(text(0))}`);
  let format;
  for (let at = 12; at + 8 <= file.length; ) {
    const [name, size] = [text(at), file.readUInt32LE(at + 4)];
    const body = file.subarray(at + 8, at + 8 + size);
    if (name === "fmt ") format = { channels: body.readUInt16LE(2), rate: body.readUInt32LE(4), bits: body.readUInt16LE(14) };
    if (name === "data")
      return { ...format, seconds: size / (2 * format.channels * format.rate), sides: sides(body, format.channels) };
    at += 8 + size + (size % 2);
  }
  throw new Error("a WAV without sound");
}

function sides(body, channels) {
  const length = Math.floor(body.length / 2 / channels);
  return Array.from({ length: channels }, (_, side) =>
    Float64Array.from({ length }, (_, i) => body.readInt16LE(2 * (i * channels + side))),
  );
}

/** share is how much of what sounds is a tone of this pitch, 0 to 1: looked at 50 ms at a time, by Goertzel's algorithm. */
export function share(samples, rate, hertz) {
  const size = Math.floor(rate / 20);
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let [tone, all] = [0, 1];
  for (let at = 0; at + size <= samples.length; at += size) {
    let [a, b] = [0, 0];
    for (const v of samples.subarray(at, at + size)) {
      [a, b] = [v + turn * a - b, a];
      all += v * v;
    }
    tone += (2 * (a * a + b * b - turn * a * b)) / size;
  }
  return tone / all;
}
