// Drawn for this console: 24 × 24, strokes of 1.8, so that they sit well beside text of 14 px.
const shapes = {
  headset:
    "M4 14v-2a8 8 0 0 1 16 0v2M4 14a2 2 0 0 1 2-2h1v6H6a2 2 0 0 1-2-2zM20 14a2 2 0 0 0-2-2h-1v6h1a2 2 0 0 0 2-2zM18.5 18c0 1.8-2 3-4.5 3",
  board: "M3 4h18v12H3zM8 20h8M12 16v4M7 12v-2M12 12V8M17 12v-3",
  today: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M9 15l2 2 4-4",
  chart: "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
  phone: "M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z",
  users:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.3a6.5 6.5 0 0 1 3.5 5.7",
  plan: "M6 3v6M6 15v6M3 12a3 3 0 1 0 6 0 3 3 0 0 0-6 0zM9 12h4a4 4 0 0 0 4-4V7M15 5a2 2 0 1 0 4 0 2 2 0 0 0-4 0zM13 12a4 4 0 0 1 4 4v1M15 19a2 2 0 1 0 4 0 2 2 0 0 0-4 0z",
  system: "M4 4h16v6H4zM4 14h16v6H4zM8 7h.01M8 17h.01M12 7h4M12 17h4",
  check: "M4 12.5l5.5 5.5L20 7",
  x: "M6 6l12 12M18 6L6 18",
  pause: "M8 5v14M16 5v14",
  play: "M7 4.5v15l12-7.5z",
  transfer: "M5 8h14M15 4l4 4-4 4M19 16H5M9 12l-4 4 4 4",
  hangup: "M3 14.5c0-6 18-6 18 0v2l-4.5-.5-.5-3a13 13 0 0 0-8 0l-.5 3L3 16.5z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
  left: "M15 6l-6 6 6 6",
  plus: "M12 5v14M5 12h14",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5M9 9h6M9 13h3",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  auto: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 7h4.5M12 12h5M12 17h4.5",
  out: "M14 4h5v16h-5M4 12h11M8 8l-4 4 4 4",
  warn: "M12 4l9.5 16h-19zM12 10v5M12 17.5v.5",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8v.2",
  queue: "M4 6h16M4 12h10M4 18h6",
  ticket: "M4 7h16v3.5a1.5 1.5 0 0 0 0 3V17H4v-3.5a1.5 1.5 0 0 0 0-3zM14 7v10",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  print: "M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  external: "M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9",
  dot: "M12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  flag: "M5 21V4h12l-2 4 2 4H5",
  refresh: "M20 11a8 8 0 1 0-2.3 6M20 4v7h-7",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  volume: "M4 10v4h4l5 4V6L8 10zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
  shield: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z",
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 18, className }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={name === "play" ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth={name === "more" ? 3 : 1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
