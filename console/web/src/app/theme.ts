import { createTheme, type MantineColorsTuple, Menu } from "@mantine/core";

const ring: MantineColorsTuple = [
  "#e8f6f8",
  "#d3eaee",
  "#a6d4dc",
  "#76bdc9",
  "#4fa9b9",
  "#369daf",
  "#268fa3",
  "#157a8d",
  "#0f6e84",
  "#075b70",
];

const slate: MantineColorsTuple = [
  "#f6f7f9",
  "#eceff2",
  "#dbe0e6",
  "#c2cad3",
  "#9aa5b1",
  "#76828f",
  "#5a6672",
  "#424d58",
  "#2b343d",
  "#1a2129",
];

// Dark surfaces, from text to the page's ground; bluish like the light ones, and not black: eight hours are long.
const dark: MantineColorsTuple = [
  "#e3e8ed",
  "#b4bec8",
  "#8d99a6",
  "#5f6b78",
  "#3f4a55",
  "#313b45",
  "#252d35",
  "#1b2229",
  "#141a20",
  "#0f1419",
];

// Dark enough for white words on it, as the state's own green is.
const green: MantineColorsTuple = [
  "#e6f6ed",
  "#cdebda",
  "#9dd6b7",
  "#6bc293",
  "#46b178",
  "#2fa767",
  "#27a05f",
  "#198a4e",
  "#16794a",
  "#0a6338",
];

const red: MantineColorsTuple = [
  "#fdeaea",
  "#f9d3d3",
  "#f0a5a5",
  "#e87676",
  "#e25151",
  "#de3c3c",
  "#d83434",
  "#c92f2f",
  "#b92626",
  "#9c1f1f",
];

export const theme = createTheme({
  primaryColor: "ring",
  primaryShade: 8,
  colors: { ring, green, red, slate, gray: slate, dark },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK TC", "Noto Sans CJK JP", "PingFang TC", "Hiragino Sans", "Microsoft JhengHei", "Yu Gothic UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", Menlo, Consolas, monospace',
  defaultRadius: "md",
  autoContrast: true,
  luminanceThreshold: 0.179,
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  // Menu's placeholder for the focus is no item: what reads a menu to its user would count it. The first item takes the focus.
  components: { Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }) },
  headings: { fontWeight: "650" },
});
