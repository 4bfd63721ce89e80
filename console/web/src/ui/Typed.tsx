import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { Icon } from "./Icon";

interface Props {
  name: string;
  label: string;
  value: string;
  wide?: boolean;
  change(key: string, value: string): void;
}

/** Typed is a field of a filter: what is typed counts when the person pauses. */
export function Typed(p: Props) {
  const { name, change, value } = p;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => change(name, text.trim()), 350);
    return () => clearTimeout(timer);
  });
  return (
    <TextInput
      className={p.wide ? "rw-wide" : undefined}
      label={p.label}
      value={text}
      onChange={e => setText(e.currentTarget.value)}
      leftSection={p.wide ? <Icon name="search" size={16} /> : undefined}
    />
  );
}
