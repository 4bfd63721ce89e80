import type { Tone } from "../desk/states";
import { Store } from "../lib/store";

/** presence is the tone of the person's own state, for the mark in the navigation; the desk writes it when it is loaded. */
export const presence = new Store<Tone | null>(null);
