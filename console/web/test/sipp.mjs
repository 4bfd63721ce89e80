// A caller with a phone that says whatever it likes: SIPp with the scenario that the demo leaves for newcomers.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** caller calls the help line. who: user, password, domain; name and agent are sent as they are, as display name and User-Agent. */
export function caller(company, { user, password, domain, login = user, name = "", agent = "SIPp" }) {
  const dir = join(company.data, "demo", "try");
  const scenario = readFileSync(join(dir, "call.xml"), "utf8")
    .replace(/From: <sip:[^>]*>/g, `From: ${quoted(name)}<sip:${user}@${domain}>`)
    .replace(/<sip:guest@\[local_ip\]/g, `<sip:${user}@[local_ip]`)
    .replace(/Max-Forwards: 70/g, `Max-Forwards: 70\n      User-Agent: ${agent}`);
  const file = join(dir, `${user}.xml`);
  writeFileSync(file, scenario);
  const flags = ["-i", "127.0.0.1", "-sf", file, "-s", "help", "-au", login, "-ap", password, "-auth_uri", `help@${company.sip}`];
  const child = spawn(
    "sipp",
    [company.sip, ...flags, "-d", "600000", "-m", "1", "-nostdin", "-trace_err", "-error_file", join(dir, "errors.log")],
    {
      cwd: dir,
      stdio: "ignore",
    },
  );
  const ended = new Promise(done => child.on("close", done));
  return {
    /** close ends the caller as a lost network does. */
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function quoted(name) {
  return name ? `"${name.replace(/[\\"]/g, "\\$&")}" ` : "";
}
