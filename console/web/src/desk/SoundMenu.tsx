import { ActionIcon, Button, NativeSelect, Popover, Slider, Switch, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { useT } from "../i18n";
import { useStore } from "../lib/store";
import { Icon } from "../ui/Icon";
import { askPermission, permission } from "./notify";
import { canChoose, namedOutputs, outputs, type RingPrefs, ringOnce, ringPrefs } from "./ring";

export function SoundMenu() {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  const on = useStore(ringPrefs, p => p.on);
  return (
    <Popover position="bottom-end" withArrow shadow="md" trapFocus opened={open} onChange={setOpen}>
      <Popover.Target>
        <Tooltip label={t("sound.title")} disabled={open}>
          <ActionIcon
            data-sound
            variant="subtle"
            color={on ? "gray" : "red"}
            size="lg"
            onClick={() => setOpen(o => !o)}
            aria-label={t("sound.title")}
          >
            <Icon name="bell" />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown w={300}>{open && <Settings />}</Popover.Dropdown>
    </Popover>
  );
}

function Settings() {
  const { t } = useT();
  const p = useStore(ringPrefs);
  const set = (change: Partial<RingPrefs>) => ringPrefs.set(old => ({ ...old, ...change }));
  const [devices, setDevices] = useState<{ id: string; label: string }[]>();
  const [refused, setRefused] = useState(false);
  const [allowed, setAllowed] = useState(permission());
  const find = () =>
    void namedOutputs().then(
      found => {
        setDevices(found);
        setRefused(found.length === 0);
      },
      () => setRefused(true),
    );
  useEffect(() => {
    void outputs().then(setDevices);
  }, []);
  return (
    <div className="rw-stack">
      <Switch label={t("sound.ring")} checked={p.on} onChange={e => set({ on: e.currentTarget.checked })} />
      <div>
        <span className="rw-label">{t("sound.volume")}</span>
        <Slider
          min={0}
          max={1}
          step={0.05}
          label={null}
          value={p.volume}
          onChange={volume => set({ volume })}
          disabled={!p.on}
          thumbLabel={t("sound.volume")}
        />
      </div>
      {canChoose() && devices && devices.length > 0 && (
        <NativeSelect
          label={t("sound.device")}
          value={p.device}
          onChange={e => set({ device: e.currentTarget.value })}
          data={[
            { value: "", label: t("sound.default") },
            ...devices
              .filter(d => d.id !== "default")
              .map((d, i) => ({ value: d.id, label: d.label || `${t("sound.device")} ${i + 1}` })),
          ]}
        />
      )}
      {canChoose() && devices?.length === 0 && (
        <>
          <Button variant="default" size="xs" onClick={find}>
            {t("sound.choose")}
          </Button>
          <p className="rw-dim rw-small">{t(refused ? "sound.choose_refused" : "sound.choose_hint")}</p>
        </>
      )}
      <Button variant="default" size="xs" leftSection={<Icon name="volume" size={16} />} onClick={() => void ringOnce()}>
        {t("sound.test")}
      </Button>
      {allowed === "granted" && (
        <Switch label={t("sound.notify")} checked={p.notify} onChange={e => set({ notify: e.currentTarget.checked })} />
      )}
      {allowed === "default" && (
        <Button variant="light" size="xs" onClick={() => void askPermission().then(setAllowed)}>
          {t("sound.allow")}
        </Button>
      )}
      {allowed === "denied" && <p className="rw-dim rw-small">{t("sound.denied")}</p>}
    </div>
  );
}
