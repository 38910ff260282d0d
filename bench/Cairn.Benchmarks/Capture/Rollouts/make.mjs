// Makes the rollouts of this folder: the real Codex CLI lives through sessions.mjs, with a model that is played on loopback.
//   node make.mjs CODEX.js      (CODEX.js: bin/codex.js of the npm package @openai/codex)
// What names this machine is replaced, the client's own long instructions are cut and the counts of tokens left out; all else
// is as Codex wrote it. labels.txt gets what each turn expects.
import { spawn, execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { files, sessions } from "./sessions.mjs";

const codex = resolve(process.argv[2]);
const here = import.meta.dirname;
let turn, step, session, summed;

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part)).on("end", () => {
    const asked = JSON.parse(body).input.at(-1);
    const wantsSummary = session.compact && JSON.stringify(asked).includes("CONTEXT CHECKPOINT COMPACTION");
    if (wantsSummary) summed = true;
    const command = wantsSummary ? undefined : (turn.run ?? [])[step++];
    const item = command === undefined
      ? { type: "message", id: `msg_${session.name}_${turn.at}${wantsSummary ? "s" : ""}`, role: "assistant", content: [{ type: "output_text", text: wantsSummary ? session.compact : turn.say }] }
      : { type: "function_call", id: `fc_${turn.at}_${step}`, call_id: `call_${turn.at}_${step}`, name: "exec_command", arguments: JSON.stringify({ cmd: command }) };
    const used = session.compact && turn.at === 0 ? 90_000 : 100;
    const events = [
      { type: "response.created", response: { id: `resp_${turn.at}_${step}` } },
      { type: "response.output_item.done", item },
      { type: "response.completed", response: { id: `resp_${turn.at}_${step}`, output: [], usage: { input_tokens: used, output_tokens: 1, total_tokens: used + 1 } } },
    ];
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
  });
}).listen(0, "127.0.0.1");
await new Promise((done) => server.on("listening", done));

for (const made of sessions) {
  session = made;
  const root = mkdtempSync(join(tmpdir(), "rollout-"));
  const [home, project] = ["home", "shop"].map((name) => join(root, name));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  const git = (...words) => execFileSync("git", ["-C", project, "-c", "user.name=Dev", "-c", "user.email=dev@example.com", ...words], { stdio: "ignore" });
  git("init", "-q", "-b", "main"), git("add", "."), git("commit", "-q", "-m", "Shop");
  mkdirSync(join(home, ".codex"), { recursive: true });
  writeFileSync(join(home, ".codex/config.toml"), `model = "scripted"
model_provider = "scripted"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
${made.compact ? "model_auto_compact_token_limit = 50000" : ""}
[analytics]
enabled = false
[model_providers.scripted]
name = "scripted"
base_url = "http://127.0.0.1:${server.address().port}/v1"
wire_api = "responses"
requires_openai_auth = false
`);
  if (made.hook) {
    writeFileSync(join(home, "context.txt"), made.hook);
    writeFileSync(join(home, ".codex/hooks.json"), JSON.stringify({ hooks: { SessionStart: [{ hooks: [{ type: "command", command: `cat '${join(home, "context.txt")}'`, timeout: 10 }] }] } }));
  }
  for (const [at, said] of made.turns.entries()) {
    [turn, step] = [{ ...said, at }, 0];
    const resume = at > 0 ? ["resume", "--last"] : [];
    await new Promise((done, failed) => spawn("node", [codex, "exec", "--dangerously-bypass-hook-trust", "--skip-git-repo-check", ...resume, said.user],
      { cwd: project, env: { PATH: process.env.PATH, HOME: home, CODEX_HOME: join(home, ".codex") }, stdio: ["ignore", "ignore", "inherit"] })
      .on("exit", (code) => (code === 0 ? done() : failed(new Error(`${made.name}, turn ${at}: Codex ended with ${code}.`)))));
  }
  if (made.compact && !summed) throw new Error(`${made.name}: Codex asked for no summary.`);
  const [rollout, ...others] = readdirSync(join(home, ".codex/sessions"), { recursive: true }).filter((name) => name.endsWith(".jsonl"));
  if (others.length > 0) throw new Error(`${made.name}: more than one rollout.`);
  writeFileSync(join(here, `${made.name}.jsonl`), readFileSync(join(home, ".codex/sessions", rollout), "utf8").trimEnd().split("\n")
    .filter((line) => !/^.{0,80}"type":"token_usage_record"|"type":"token_count"/.test(line)).map((line) => clean(line, project, home)).join("\n") + "\n");
  rmSync(root, { recursive: true, force: true });
}
server.close();
writeFileSync(join(here, "labels.txt"), sessions.flatMap(({ name, turns }) => turns.map(({ expect }, at) => `${name} ${at + 1}: ${expect}\n`)).join(""));

function clean(line, project, home) {
  const json = JSON.parse(line, (name, value) => (name === "base_instructions" ? { text: "…" } : value));
  if (json.payload?.role === "developer")
    for (const part of json.payload.content) if (!part.text.startsWith("Records")) part.text = part.text.slice(0, 80);
  return JSON.stringify(json).replaceAll(project, "/home/dev/shop").replaceAll(home, "/home/dev").replaceAll(process.execPath, "node");
}
