// The sample company as a newcomer runs it, for one story: a real switch with its robots on free ports of the loopback
// interface and a data folder of its own. What is started here is ended here, by its process id.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = process.env.RINGWAY ?? join(import.meta.dirname, "..", "..", "..", "bin", "ringway");

/** patience is how long anything may take on a slow machine. Nothing waits that long on one that is not. */
export const patience = 60_000;

/** patient gives agents a minute to answer: no story shall fail where a machine is slow. */
const patient = { "queues.yaml": t => t.replaceAll("ring_time: 20s", "ring_time: 60s") };

/** flesh makes people of robots: who takes no call before somebody sits at the desk. */
export function flesh(...ids) {
  return text => ids.reduce((t, id) => t.replace(new RegExp(`(- id: ${id}\\n[^]*?)    robot: true\\n`), "$1"), text);
}

const robots = ["mei", "wei", "aiko", "ken", "emma", "oliver"];

/** The robot customers, by the number with which the demo lets them call. */
export const lin = { key: 1, name: "Lin Yi-Chen" };
export const sato = { key: 2, name: "Sato Yuki" };
export const grace = { key: 3, name: "Grace Hill" };
export const marie = { key: 4, name: "Marie Petit" };
export const wong = { key: 5, name: "Wong Ka-Yan" };

/** until waits for a condition and returns what it found. */
export async function until(what, find, limit = patience) {
  const end = Date.now() + limit;
  let last;
  for (;;) {
    try {
      const found = await find();
      if (found) return found;
      last = undefined;
    } catch (e) {
      last = e;
    }
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`, { cause: last });
    await new Promise(done => setTimeout(done, 50));
  }
}

export class Company {
  #child;
  #text = "";
  #ended;

  /** open starts a company. edit changes its configuration: file → text → text. */
  static async open({ edit = {}, talk = "10m", past = false } = {}) {
    const c = new Company();
    c.data = mkdtempSync(join(tmpdir(), "ringway-story-"));
    const made = spawnSync(program, ["init", join(c.data, "demo")], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`ringway init: ${made.stderr || made.error}`);
    for (const file of ["ringway.yaml", "queues.yaml", "people.yaml"]) {
      const path = join(c.data, "demo", file);
      let text = readFileSync(path, "utf8");
      for (const changes of [patient, edit]) text = changes[file]?.(text) ?? text;
      if (file === "ringway.yaml") text = text.replace(/:5060"/g, ':0"').replace('"127.0.0.1:8080"', '"127.0.0.1:0"');
      writeFileSync(path, text);
    }
    const flags = ["--data", c.data, "demo", "--every", "0", "--talk", talk];
    if (!past) flags.push("--no-past");
    c.#child = spawn(program, flags, { stdio: ["pipe", "pipe", "pipe"] });
    for (const out of [c.#child.stdout, c.#child.stderr]) out.setEncoding("utf8").on("data", t => (c.#text += t));
    c.#ended = new Promise(done => c.#child.on("close", (code, signal) => done(code ?? signal)));
    try {
      await c.says("Ctrl-C ends it all.");
      [, c.url, c.password] = /open (http\S+) in a browser; everybody's password is (\S+)/.exec(c.#text);
      c.sip = /register at +([\d.]+:\d+),/.exec(c.#text)[1];
      if (past) await c.says("made-up calls are on record", 3 * patience);
    } catch (e) {
      await c.close().catch(() => {});
      throw e;
    }
    return c;
  }

  /** says waits until the demo has printed something. */
  async says(phrase, limit = 2 * patience) {
    await until(
      `the demo says "${phrase}":\n${this.#text}`,
      () => {
        if (this.#child.exitCode !== null) throw new Error(`the demo ended:\n${this.#text}`);
        return this.#text.includes(phrase);
      },
      limit,
    ).catch(e => {
      throw new Error(`${e.message}\n${this.#text}`);
    });
  }

  /** calls lets a robot customer call the help line. */
  calls(customer) {
    this.#child.stdin.write(`${customer.key}\n`);
  }

  /** everybodyHangsUp ends the calls of all robot customers. */
  everybodyHangsUp() {
    this.#child.stdin.write("h\n");
  }

  /** robotsLeave makes the robots among the agents leave their queues. */
  robotsLeave() {
    for (const id of robots) spawnSync(program, ["--data", this.data, "agent", id, "leave"]); // who was made flesh is in none
  }

  /** run is one of the program's commands for the running switch. */
  run(...args) {
    const r = spawnSync(program, ["--data", this.data, ...args], { encoding: "utf8" });
    if (r.status !== 0) throw new Error(`ringway ${args.join(" ")}: ${r.stderr || r.error}`);
    return r.stdout;
  }

  /** secret is one of the configuration's secrets. */
  secret(name) {
    return readFileSync(join(this.data, "demo", "secrets", name), "utf8").trim();
  }

  /** as is the API for a person. */
  as(login) {
    return new API(this, login);
  }

  log() {
    return `${this.#text.split("Ctrl-C ends it all.")[1]}\n${readFileSync(join(this.data, "demo.log"), "utf8").split("\n").slice(-40).join("\n")}`;
  }

  async close() {
    if (this.#child.exitCode === null) this.#child.kill("SIGINT");
    const late = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    const code = await this.#ended;
    clearTimeout(late);
    const said = this.#text;
    rmSync(this.data, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the demo ended with ${code}:\n${said}`);
  }
}

/** API is the HTTP API as a person uses it. */
class API {
  #company;
  #login;
  #session;

  constructor(company, login) {
    this.#company = company;
    this.#login = login;
  }

  async #start() {
    const r = await fetch(`${this.#company.url}/api/v1/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ login: this.#login, password: this.#company.password }),
    });
    if (!r.ok) throw new Error(`log-in of ${this.#login}: ${r.status} ${await r.text()}`);
    const cookie = r.headers
      .getSetCookie()
      .map(c => c.split(";")[0])
      .join("; ");
    return { Cookie: cookie, "X-CSRF-Token": (await r.json()).csrf };
  }

  async call(method, path, body, more = {}) {
    this.#session ??= this.#start();
    const headers = { ...(await this.#session), ...more, ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
    const r = await fetch(`${this.#company.url}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await r.text();
    if (!r.ok) throw new Error(`${method} ${path}: ${r.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  get(path) {
    return this.call("GET", path);
  }

  /** list is the first page of a list. */
  async list(path) {
    return (await this.get(path)).items;
  }

  post(path, body = {}) {
    return this.call("POST", path, body);
  }

  /** agent is what the switch knows of an agent now. */
  async agent(id) {
    return (await this.list("/agents")).find(a => a.id === id);
  }

  /** newest is the newest call, with its whole story. */
  newest() {
    return this.found("a call is on record", () => true);
  }

  /** running is the call that is up. Records are written in groups: it may be on the screen before it is on record. */
  running() {
    return this.found("the call is on record", c => !c.end);
  }

  async found(what, fits) {
    const call = await until(what, async () => (await this.get("/calls?limit=1")).items.find(fits));
    return this.get(`/calls/${encodeURIComponent(call.id)}`);
  }

  /** moment is when something happened in a call, in ms; undefined when it has not yet. */
  async moment(call, kind, fits = () => true) {
    const { events } = await this.get(`/calls/${encodeURIComponent(call)}`);
    const e = events.find(x => x.kind === kind && fits(x));
    return e && Date.parse(e.at);
  }
}
