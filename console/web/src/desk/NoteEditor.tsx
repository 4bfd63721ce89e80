import { Textarea } from "@mantine/core";
import { useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { useNote } from "./notes";

export function NoteEditor({ call, server }: { call: string; server: string | undefined }) {
  const { t } = useT();
  const note = useNote(call, server);
  const failed = note.status === "failed";
  return (
    <section className="rw-panel" aria-label={t("note.title")}>
      <div className="rw-panel-head">
        <h3>{t("note.title")}</h3>
        <span className="rw-save" data-bad={failed || undefined} role="status">
          {note.status === "clean" && note.text !== "" && (
            <>
              <Icon name="check" size={14} /> {t("note.saved")}
            </>
          )}
          {(note.status === "saving" || note.status === "dirty") && t("note.saving")}
          {failed && (
            <>
              <Icon name="warn" size={14} /> {t("note.failed")}
            </>
          )}
        </span>
      </div>
      <Textarea
        id="rw-note"
        aria-label={t("note.title")}
        placeholder={t("note.placeholder")}
        autosize
        minRows={4}
        maxRows={14}
        maxLength={8000}
        value={note.text}
        onChange={e => note.edit(e.currentTarget.value)}
        onFocus={() => note.focus(true)}
        onBlur={() => note.focus(false)}
      />
    </section>
  );
}
