// The ring is made, not loaded: two soft notes, twice, every three seconds. It goes to the device that the person chose (a
// speaker while the headset is off), through an audio element where the browser lets one choose.
import { readPref, writePref } from "../lib/prefs";
import { Store } from "../lib/store";

export interface RingPrefs {
  on: boolean;
  volume: number; // 0…1
  device: string; // "" is the default
  notify: boolean;
}

export const ringPrefs = new Store<RingPrefs>(readPref("ring", { on: true, volume: 0.6, device: "", notify: true }));
ringPrefs.subscribe(() => writePref("ring", ringPrefs.get()));

/** blocked: the browser wants a click before it plays anything. */
export const ringBlocked = new Store(false);

let context: AudioContext | undefined;
let out: { gain: GainNode; element?: HTMLAudioElement } | undefined;
let timer: ReturnType<typeof setInterval> | undefined;

type Sinkable = { setSinkId?(id: string): Promise<void> };

function setup(): AudioContext | undefined {
  if (context || typeof AudioContext === "undefined") return context;
  context = new AudioContext();
  context.onstatechange = () => context?.state === "running" && ringBlocked.set(false); // it may come later than we wait
  const gain = context.createGain();
  out = { gain };
  if ("setSinkId" in context || typeof context.createMediaStreamDestination !== "function") {
    gain.connect(context.destination);
  } else {
    const to = context.createMediaStreamDestination();
    gain.connect(to);
    const element = new Audio();
    element.srcObject = to.stream;
    out.element = element;
  }
  return context;
}

async function choose(device: string): Promise<void> {
  const target = (out?.element ?? context) as Sinkable | undefined;
  try {
    await target?.setSinkId?.(device);
  } catch {
    // the device was unplugged: the default rings
  }
}

function phrase(c: AudioContext, gain: GainNode) {
  const at = c.currentTime + 0.02;
  for (const [delay, hz] of [
    [0, 659.26],
    [0.18, 880],
    [0.6, 659.26],
    [0.78, 880],
  ] as const) {
    const o = c.createOscillator();
    const g = c.createGain();
    o.type = "triangle";
    o.frequency.value = hz;
    g.gain.setValueAtTime(0, at + delay);
    g.gain.linearRampToValueAtTime(0.5, at + delay + 0.02);
    g.gain.exponentialRampToValueAtTime(0.001, at + delay + 0.42);
    o.connect(g).connect(gain);
    o.start(at + delay);
    o.stop(at + delay + 0.45);
  }
}

/** unlock is called on clicks and keys: afterwards the browser lets the page ring. */
export function unlock() {
  const c = setup();
  if (c && c.state !== "running") void c.resume().then(() => ringBlocked.set(false));
}

export async function ringOnce(): Promise<void> {
  const p = ringPrefs.get();
  const c = setup();
  if (!c || !out) return;
  out.gain.gain.value = p.volume * p.volume;
  await choose(p.device);
  if (c.state !== "running") {
    await Promise.race([c.resume(), new Promise(done => setTimeout(done, 300))]);
  }
  if ((c.state as string) !== "running") {
    ringBlocked.set(true);
    return;
  }
  ringBlocked.set(false);
  try {
    await out.element?.play();
  } catch {
    ringBlocked.set(true);
  }
  phrase(c, out.gain);
}

export function startRing() {
  if (timer !== undefined || !ringPrefs.get().on) return;
  void ringOnce();
  timer = setInterval(() => void ringOnce(), 3000);
}

export function stopRing() {
  clearInterval(timer);
  timer = undefined;
}

export function canChoose(): boolean {
  return (
    typeof AudioContext !== "undefined" && ("setSinkId" in AudioContext.prototype || "setSinkId" in HTMLMediaElement.prototype)
  );
}

/**
 * namedOutputs are the devices after the person let the page know of them: a browser tells a page nothing of loudspeakers before.
 * Firefox asks for a loudspeaker; others tell of all devices to whom may use the microphone, which is let go at once.
 */
export async function namedOutputs(): Promise<{ id: string; label: string }[]> {
  const media = navigator.mediaDevices as MediaDevices & { selectAudioOutput?(): Promise<MediaDeviceInfo> };
  if (!media) return [];
  if (media.selectAudioOutput) {
    const chosen = await media.selectAudioOutput();
    return [{ id: chosen.deviceId, label: chosen.label }];
  }
  const stream = await media.getUserMedia({ audio: true });
  for (const track of stream.getTracks()) track.stop();
  return outputs();
}

export async function outputs(): Promise<{ id: string; label: string }[]> {
  if (!navigator.mediaDevices?.enumerateDevices) return [];
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter(d => d.kind === "audiooutput" && d.deviceId).map(d => ({ id: d.deviceId, label: d.label }));
}
