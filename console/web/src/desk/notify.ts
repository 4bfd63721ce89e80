// A notification of the desktop for an offer while the page is not in front. Permission is asked on a click only.
import { ringPrefs } from "./ring";

export type Permission = "unsupported" | NotificationPermission;

export function permission(): Permission {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}

export async function askPermission(): Promise<Permission> {
  if (typeof Notification === "undefined") return "unsupported";
  return await Notification.requestPermission();
}

let open: Notification | undefined;

export function notifyOffer(title: string, body: string, tag: string) {
  if (permission() !== "granted" || !ringPrefs.get().notify || document.visibilityState === "visible") return;
  try {
    open = new Notification(title, { body, tag: `ringway-${tag}`, silent: true, requireInteraction: true });
    open.onclick = () => {
      window.focus();
      open?.close();
    };
  } catch {
    // some browsers only let service workers notify
  }
}

export function closeNotification() {
  open?.close();
  open = undefined;
}
