import { describe, expect, it } from "vitest";
import { clock } from "./clock";
import {
  addDays,
  clockTime,
  dateTime,
  daypart,
  duration,
  instantOf,
  isoDay,
  languageName,
  offset,
  percent,
  regionName,
  startOfDay,
} from "./format";

it("duration never runs ahead", () => {
  expect(duration(0)).toBe("0:00");
  expect(duration(59.99)).toBe("0:59");
  expect(duration(60)).toBe("1:00");
  expect(duration(3_725)).toBe("1:02:05");
  expect(duration(-3)).toBe("0:00");
  expect(duration(null)).toBe("–");
});

describe("zones", () => {
  const t = Date.parse("2026-03-29T00:30:00Z"); // half an hour before Berlin's clocks go forward
  it("tells the time there", () => {
    expect(clockTime(t, "Europe/Berlin", "en")).toBe("01:30");
    expect(clockTime(t + 3_600_000, "Europe/Berlin", "en")).toBe("03:30");
    expect(clockTime(t, "Asia/Taipei", "en")).toBe("08:30");
    expect(clockTime(t, "Mars/Olympus", "en")).toBe("00:30 UTC");
  });
  it("knows the difference now", () => {
    expect(offset("Asia/Tokyo", "Europe/Berlin", t)).toBe("+8 h");
    expect(offset("Asia/Tokyo", "Europe/Berlin", t + 3_600_000)).toBe("+7 h");
    expect(offset("Asia/Kolkata", "UTC", t)).toBe("+5:30 h");
    expect(offset("America/New_York", "UTC", t)).toBe("−4 h");
    expect(offset("UTC", "UTC", t)).toBe("");
    expect(offset("Mars/Olympus", "UTC", t)).toBe("");
  });
  it("knows whether they sleep", () => {
    expect(daypart(t, "Europe/Berlin")).toBe("night");
    expect(daypart(t, "Asia/Taipei")).toBe("morning");
    expect(daypart(t, "America/Los_Angeles")).toBe("day");
  });
  it("counts calendar days", () => {
    expect(isoDay(t, "Asia/Tokyo")).toBe("2026-03-29");
    expect(isoDay(t, "America/New_York")).toBe("2026-03-28");
    expect(addDays("2026-03-28", 1)).toBe("2026-03-29");
    expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
  });
  it("finds where a day begins", () => {
    const begins = (d: string, z: string) => new Date(startOfDay(d, z)).toISOString();
    expect(begins("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
    expect(begins("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z");
    expect(begins("2026-10-26", "Europe/Berlin")).toBe("2026-10-25T23:00:00.000Z");
    expect(begins("2026-03-01", "Asia/Taipei")).toBe("2026-02-28T16:00:00.000Z");
    expect(begins("2026-03-01", "America/Los_Angeles")).toBe("2026-03-01T08:00:00.000Z");
    expect(startOfDay("soon", "UTC")).toBeNaN();
    const shows = (w: string, z: string) => new Date(instantOf(w, z)).toISOString();
    expect(shows("2026-03-02T15:04", "Asia/Taipei")).toBe("2026-03-02T07:04:00.000Z");
    expect(shows("2026-03-29T12:30", "Europe/Berlin")).toBe("2026-03-29T10:30:00.000Z");
    expect(instantOf("", "UTC")).toBeNaN();
  });
  it("shows the year only where it differs", () => {
    expect(dateTime(t, "UTC", "en", t)).not.toContain("2026");
    expect(dateTime(t, "UTC", "en", t + 400 * 86_400_000)).toContain("2026");
    clock.sync("2031-01-01T00:00:00Z");
    expect(dateTime(t, "UTC", "en")).toContain("2026");
    const eve = Date.parse("2026-12-31T20:00:00Z"); // is a new year's morning in Taipei
    expect(dateTime(eve, "Asia/Taipei", "en", eve + 86_400_000)).not.toContain("2027");
    expect(dateTime(eve, "UTC", "en", eve + 86_400_000)).toContain("2026");
  });
});

it("names languages and regions, and keeps what it does not know", () => {
  expect(languageName("zh-TW", "en")).toContain("Chinese");
  expect(languageName("ja", "ja")).toBe("日本語");
  expect(regionName("DE", "en")).toBe("Germany");
  expect(regionName("emea", "en")).toBe("emea");
  expect(languageName("not a tag!", "en")).toBe("not a tag!");
});

it("percent", () => {
  expect(percent(0.7778, "en")).toBe("77.8%");
  expect(percent(null, "en")).toBe("–");
});
