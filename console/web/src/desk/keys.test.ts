import { expect, it } from "vitest";
import { command, type Press } from "./keys";

const press = (over: Partial<Press>): Press => ({
  key: "",
  code: "",
  alt: false,
  ctrl: false,
  meta: false,
  shift: false,
  repeat: false,
  writing: false,
  layer: false,
  ...over,
});

it("letters are commands outside of fields only", () => {
  expect(command(press({ key: "a", code: "KeyA" }))).toBe("accept");
  expect(command(press({ key: "ㄇ", code: "KeyA" }))).toBe("accept");
  expect(command(press({ key: "a", code: "KeyA", writing: true }))).toBeNull();
  expect(command(press({ key: "A", code: "KeyA", writing: true, alt: true, shift: true }))).toBe("accept");
});

it("leaves the browser its own", () => {
  expect(command(press({ code: "KeyA", ctrl: true }))).toBeNull();
  expect(command(press({ code: "KeyR", meta: true }))).toBeNull();
  expect(command(press({ code: "KeyD", alt: true }))).toBeNull();
  expect(command(press({ code: "KeyE", repeat: true }))).toBeNull();
  expect(command(press({ code: "KeyE", layer: true }))).toBeNull();
});

it("helps and counts", () => {
  expect(command(press({ key: "?", code: "Slash", shift: true }))).toBe("help");
  expect(command(press({ key: "?", code: "Slash", shift: true, writing: true }))).toBeNull();
  expect(command(press({ key: "3", code: "Digit3" }))).toBe(3);
  expect(command(press({ key: "z", code: "KeyZ" }))).toBeNull();
});
