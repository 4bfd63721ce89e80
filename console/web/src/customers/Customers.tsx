import { Button, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { get } from "../api/client";
import type { Customer, Page } from "../api/types";
import { useT } from "../i18n";
import { languageName, regionName } from "../lib/format";
import { Icon } from "../ui/Icon";
import { Empty, Loaded, More, PageHead } from "../ui/Page";
import { CustomerForm } from "./CustomerForm";

export default function Customers() {
  const { t, lang } = useT();
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState(params.get("search") ?? "");
  const [asked] = useDebouncedValue(search.trim(), 250);
  const [adding, setAdding] = useState(false);
  const [, go] = useLocation();
  const q = useInfiniteQuery({
    queryKey: ["customers", asked],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Customer>>("/customers", { search: asked, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: "",
    getNextPageParam: p => p.next || undefined,
    placeholderData: keepPreviousData,
  });
  return (
    <div className="rw-page">
      <PageHead title={t("nav.customers")}>
        <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setAdding(true)}>
          {t("customer.add")}
        </Button>
      </PageHead>
      <TextInput
        className="rw-search"
        type="search"
        aria-label={t("customer.search")}
        placeholder={t("customer.search")}
        leftSection={<Icon name="search" size={16} />}
        value={search}
        onChange={e => {
          setSearch(e.currentTarget.value);
          setParams(e.currentTarget.value ? { search: e.currentTarget.value } : {}, { replace: true });
        }}
      />
      <Loaded q={q}>
        {data => {
          const all = data.pages.flatMap(p => p.items ?? []);
          if (all.length === 0) return <Empty icon="users" title={asked ? t("customer.none_found") : t("customer.none")} />;
          return (
            <div className="rw-tablebox" tabIndex={0}>
              <table className="rw-table">
                <thead>
                  <tr>
                    <th>{t("customer.name")}</th>
                    <th>{t("card.language")}</th>
                    <th>{t("card.region")}</th>
                    <th>{t("card.number")}</th>
                    <th>{t("card.booking")}</th>
                    <th>ID</th>
                  </tr>
                </thead>
                <tbody>
                  {all.map(c => (
                    <tr key={c.id}>
                      <td>
                        <Link className="rw-link" href={`/customers/${encodeURIComponent(c.id)}`}>
                          <b>{c.name || c.id}</b>
                        </Link>
                      </td>
                      <td>{languageName(c.language, lang)}</td>
                      <td>{regionName(c.region, lang)}</td>
                      <td className="rw-mono">{c.number}</td>
                      <td className="rw-mono">{c.booking}</td>
                      <td className="rw-mono rw-dim">{c.id}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <More q={q} />
            </div>
          );
        }}
      </Loaded>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t("customer.add")}
        size="lg"
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <CustomerForm
          done={c => {
            setAdding(false);
            go(`/customers/${encodeURIComponent(c.id)}`);
          }}
          cancel={() => setAdding(false)}
        />
      </Modal>
    </div>
  );
}
