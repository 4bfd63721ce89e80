// What a person chose on this browser; a browser that keeps nothing (private mode) works with the defaults.

export function readPref<T>(key: string, fallback: T): T {
  try {
    const v = localStorage.getItem(`ringway-${key}`);
    return v === null ? fallback : (JSON.parse(v) as T);
  } catch {
    return fallback;
  }
}

export function writePref(key: string, value: unknown) {
  try {
    localStorage.setItem(`ringway-${key}`, JSON.stringify(value));
  } catch {
    // the choice lasts as long as the page
  }
}
