import { Button, Popover, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { edit, newFile } from "./draft";

/** NewFile adds a file to the dialplan's folder. */
export function NewFile({ taken, done }: { taken: string[]; done(path: string): void }) {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const path = newFile(name, taken);
  const add = (e: FormEvent) => {
    e.preventDefault();
    if (!path) return;
    edit(path, "contexts:\n");
    setOpen(false);
    setName("");
    done(path);
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="bottom-start" withArrow shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => setOpen(o => !o)}>
          {t("plan.new_file")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form className="rw-stack" onSubmit={add}>
          <TextInput
            label={t("plan.file_name")}
            description="dialplan/…yaml"
            value={name}
            onChange={e => setName(e.currentTarget.value)}
            error={name && !path ? t("plan.bad_name") : undefined}
            autoComplete="off"
          />
          <Button type="submit" disabled={!path}>
            {t("plan.new_file")}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
