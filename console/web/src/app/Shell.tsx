import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import type { Me } from "../api/types";
import { type Lang, languages, setLang, useT } from "../i18n";
import { useStore } from "../lib/store";
import { logOut } from "../session/session";
import { Icon } from "../ui/Icon";
import { type PageEntry, pagesOf } from "./pages";
import { presence } from "./presence";

// fit is how many entries a narrow screen shows side by side; what is beyond stands in a menu.
const fit = 5;

export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const { t } = useT();
  const [at] = useLocation();
  const here = useStore(presence);
  const narrow = useMediaQuery("(max-width: 760px)");
  const all = pagesOf(me);
  const shown = narrow && all.length > fit ? fit - 1 : all.length;
  const isAt = (p: PageEntry) => at === p.path || at.startsWith(`${p.path}/`);
  return (
    <div className="rw-shell">
      <a className="rw-skip" href="#rw-main">
        {t("nav.skip")}
      </a>
      <nav className="rw-nav" aria-label={t("nav.title")}>
        <Link href="/" className="rw-brand" aria-label="Ringway">
          <img src="/favicon.svg" alt="" width={30} height={30} />
        </Link>
        <div className="rw-nav-items">
          {all.slice(0, shown).map(p => (
            <Link key={p.path} href={p.path} className="rw-nav-item" aria-current={isAt(p) ? "page" : undefined}>
              <span className="rw-nav-icon">
                <Icon name={p.icon} size={20} />
                {p.path === "/desk" && here && <span className="rw-nav-dot" data-tone={here} />}
              </span>
              {t(p.label)}
            </Link>
          ))}
          {shown < all.length && <MorePages pages={all.slice(shown)} isAt={isAt} />}
        </div>
        <Person me={me} />
      </nav>
      <main id="rw-main" className="rw-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** MorePages is the menu of the pages for which a narrow screen has no room. */
function MorePages({ pages, isAt }: { pages: PageEntry[]; isAt(p: PageEntry): boolean }) {
  const { t } = useT();
  const current = pages.find(isAt);
  return (
    <Menu position="top-end" withArrow shadow="md" width={240}>
      <Menu.Target>
        <UnstyledButton className="rw-nav-item" data-current={current ? "" : undefined}>
          <span className="rw-nav-icon">
            <Icon name={current?.icon ?? "more"} size={20} />
          </span>
          {t("nav.more")}
          {current && <span className="rw-sr"> ({t(current.label)})</span>}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {pages.map(p => (
          <Menu.Item
            key={p.path}
            component={Link}
            href={p.path}
            className="rw-nav-more"
            leftSection={<Icon name={p.icon} size={18} />}
            aria-current={isAt(p) ? "page" : undefined}
          >
            {t(p.label)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Person({ me }: { me: Me }) {
  const { t, lang } = useT();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [, go] = useLocation();
  return (
    <Menu position="right-end" withArrow shadow="md" width={220}>
      <Menu.Target>
        <UnstyledButton className="rw-person" aria-label={`${me.name}: ${t("nav.account")}`}>
          <span className="rw-avatar" data-initials={initials(me.name)} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name} · {t(`role.${me.role}`)}
        </Menu.Label>
        <Menu.Item leftSection={<Icon name="shield" size={16} />} onClick={() => go("/profile")}>
          {t("profile.title")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("nav.appearance")}</Menu.Label>
        {(["light", "dark", "auto"] as const).map(s => (
          <Menu.Item
            key={s}
            closeMenuOnClick={false}
            leftSection={<Icon name={s === "light" ? "sun" : s === "dark" ? "moon" : "auto"} size={16} />}
            rightSection={colorScheme === s ? <Icon name="check" size={16} /> : null}
            onClick={() => setColorScheme(s)}
            aria-current={colorScheme === s || undefined}
          >
            {t(`scheme.${s}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("nav.language")}</Menu.Label>
        {(Object.keys(languages) as Lang[]).map(l => (
          <Menu.Item
            key={l}
            lang={l}
            closeMenuOnClick={false}
            rightSection={lang === l ? <Icon name="check" size={16} /> : null}
            onClick={() => void setLang(l)}
            aria-current={lang === l || undefined}
          >
            {languages[l]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="out" size={16} />} onClick={() => void logOut()}>
          {t("nav.log_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  if (words.length === 1) return [...words[0]!].slice(0, 2).join("");
  return [words[0]!, words[words.length - 1]!].map(w => [...w][0]).join("");
}
