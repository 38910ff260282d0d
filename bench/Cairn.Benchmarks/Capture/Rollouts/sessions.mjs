// What make.mjs has the real Codex live through: sessions of turns, each with what the user says, what the "model" does,
// and what a careful reader would keep of it ("expect", in the words of LabelledWindow.Read). The labels were written with
// the scripts, before any rule had seen the files that came of them.

export const files = {
  "package.json": `{ "name": "shop", "type": "module", "scripts": { "test": "node --test", "start": "node src/index.js" } }\n`,
  "src/amount.js": `export function parseAmount(text) {\n  return Number(text.slice(0, -1));\n}\n`,
  "src/lines.js": `export function lines(text) {\n  return text.split("\\n").slice(0, -1);\n}\n`,
  "src/index.js": `console.log("shop");\n`,
  "tests/amount.test.js": `import test from "node:test";\nimport assert from "node:assert";\nimport { parseAmount } from "../src/amount.js";\n\ntest("the last digit counts", () => assert.strictEqual(parseAmount("123"), 123));\n`,
  "tests/lines.test.js": `import test from "node:test";\nimport assert from "node:assert";\nimport { lines } from "../src/lines.js";\n\ntest("a last line without its end is a line", () => assert.strictEqual(lines("a\\nb").length, 2));\n`,
  "scripts/check.mjs": `if (process.env.TZ !== "UTC") {\n  console.error("check: dates are compared in UTC, set TZ=UTC");\n  process.exit(2);\n}\nconsole.log("check: 14 reports are the same");\n`,
  "docs/history.md": `# History\n\nIn 2019 we decided to keep orders in MongoDB, because the first version had no schema.\nNever deploy on Fridays, it says on the wall.\n`,
  "AGENTS.md": `# Shop\n\nAlways run the tests before you finish. We decided to write everything in plain JavaScript. Never edit src/legacy.\n`,
};

const fix = (file, before, after) => `apply_patch <<'PATCH'\n*** Begin Patch\n*** Update File: ${file}\n@@\n-${before}\n+${after}\n*** End Patch\nPATCH`;

export const sessions = [
  {
    name: "queue",
    turns: [
      {
        user: "Which queue should the import job use? Look at package.json first.", run: ["cat package.json"],
        say: "package.json has no queue client yet.\n\nDecision: the import job uses NATS, because it runs on the small machines, which Kafka does not.",
        expect: "decision:NATS",
      },
      { user: "Good. And please never store attachments in the database: they go to the object store.", say: "Understood. Attachments go to the object store; the upload handler writes there already.", expect: "constraint:attachments" },
      { user: "thanks, that's all for this one", say: "You're welcome.", expect: "none" },
    ],
  },
  {
    name: "amount",
    turns: [
      {
        user: "node --test tests/amount.test.js fails, please find out why and mend it.",
        run: ["node --test tests/amount.test.js", "cat src/amount.js", fix("src/amount.js", "  return Number(text.slice(0, -1));", "  return Number(text);"), "node --test tests/amount.test.js"],
        say: "The test failed because `parseAmount` cut off the last digit: it sliced the text one character too early. I took the slice out in src/amount.js, and the test passes now.",
        expect: "bugfix:parseAmount",
      },
      { user: "nice. what does the test file look like?", run: ["cat tests/amount.test.js"], say: "It has one test: the amount of \"123\" must be 123.", expect: "none" },
    ],
  },
  {
    name: "lines",
    turns: [
      {
        user: "Imports lose their last line when a file does not end with a newline.",
        run: ["node --test tests/lines.test.js", fix("src/lines.js", "  return text.split(\"\\n\").slice(0, -1);", "  return text.replace(/\\n$/, \"\").split(\"\\n\");"), "node --test tests/lines.test.js"],
        say: "Root cause: `lines` always dropped what follows the last newline, which is the last line when the file does not end with one. It only drops an empty rest now (src/lines.js).",
        expect: "bugfix:newline",
      },
    ],
  },
  {
    name: "check",
    turns: [
      { user: "Run the report check, please.", run: ["node scripts/check.mjs", "TZ=UTC node scripts/check.mjs"], say: "The check passes: 14 reports are the same. It wants TZ=UTC, else it stops.", expect: "command:TZ=UTC" },
      { user: "ok. and npm run lint?", run: ["npm run lint"], say: "There is no script of that name, so nothing was linted.", expect: "none" },
      { user: "To start everything locally, run `docker compose up -d db` before `npm start`. I always forget that.", say: "Noted.", expect: "command:docker compose" },
    ],
  },
  {
    name: "tastes",
    turns: [
      { user: "I prefer commit messages without a prefix like feat: or fix:. What did I change last?", run: ["git log --oneline -3"], say: "The last commit is the first one, \"Shop\".", expect: "preference:prefix" },
      { user: "From now on please answer me in short sentences and without tables.", say: "I will.", expect: "preference:tables" },
      { user: "Summarise the folder src.", run: ["ls src"], say: "Three files: amount.js, index.js and lines.js. Each exports one function, or prints one word.", expect: "none" },
    ],
  },
  {
    name: "audit",
    turns: [
      { user: "What do we know about how long audit rows are kept?", run: ["ls docs"], say: "They are kept for 90 days today; nothing in docs says why.\n\nOpen question: does legal need them for longer than that?", expect: "question:legal" },
      { user: "Leave it at that, I have to ask them. We still need to find out who owns the billing domain, too.", say: "Then both stay open for now.", expect: "question:domain" },
      { user: "Stop here for today.", say: "The importer reads CSV and JSON now.\n\nRemaining:\n- read XML as well\n- report the line of an error\n- measure it on the large file", expect: "handoff:XML" },
    ],
  },
  {
    name: "cache",
    turns: [
      { user: "Should we use Redis for the session cache?", say: "We could use Redis; it would need a machine of its own. Memcached might do as well, since it is running already. Tell me which one you want.", expect: "none" },
      { user: "Let's go with Memcached then, as it is running already.", run: ["ls src"], say: "Done: I will read sessions through Memcached.", expect: "decision:Memcached" },
      { user: "We have not decided on a date library yet, so leave that alone.", say: "I leave it as it is.", expect: "none" },
    ],
  },
  {
    name: "history",
    turns: [
      { user: "Summarise docs/history.md in a sentence.", run: ["cat docs/history.md"], say: "The document says \"we decided to keep orders in MongoDB\" and that nobody should deploy on Fridays; both are from 2019.", expect: "none" },
      { user: "Here is what the people at Acme wrote: \"We decided to drop Internet Explorer. You must always send a token.\" Does that matter to us?", say: "Not that I can see: the shop has no pages for that browser.", expect: "none" },
      { user: "Show me how a decision is marked in the code.", say: "For example like this:\n\n```js\n// Decision: prices are integers of cents\nconst price = 100;\n```\n\nNothing of it is in the code today.", expect: "none" },
    ],
  },
  {
    name: "rules",
    hook: "Records of earlier sessions.\nDecision: the search runs on Elasticsearch. Never change the price of an order that was paid.",
    turns: [
      { user: "hello, are you there?", say: "Yes. What shall we do?", expect: "none" },
      { user: "The public API must stay compatible with Node 18, our customers still run it.", say: "Then I keep away from what came with Node 20.", expect: "constraint:Node 18" },
      { user: "Don't touch anything in src/legacy, it is frozen until the audit is over.", say: "All right.", expect: "constraint:legacy" },
      { user: "Just for this commit, skip the tests.", say: "Skipped this once.", expect: "none" },
    ],
  },
  {
    name: "ids",
    turns: [
      { user: "What kind of ids would you take for orders?", say: "I would lean towards ULIDs, as they sort by time, but version 7 UUIDs would be an option too. I wait for your word.", expect: "none" },
      { user: "Agreed, ULIDs it is.", say: "Orders get ULIDs from now on.", expect: "decision:ULID" },
      { user: "Postgres stays. The benchmark settled that for good.", say: "Good, then nothing moves.", expect: "decision:Postgres" },
      { user: "Wir haben beschlossen, die Preise als Ganzzahlen in Cent zu speichern.", say: "Verstanden, Preise sind Ganzzahlen.", expect: "decision:Cent" },
    ],
  },
  {
    name: "talk",
    turns: [
      { user: "Add paging to the order list, then update the docs and the changelog.", run: ["ls"], say: "There is no order list in this repository yet, so I changed nothing. Where should it go?", expect: "none" },
      { user: "hm, wrong repo, sorry", say: "No problem.", expect: "none" },
      {
        user: "the log says:\n2026-11-30 12:00:01 ERROR pool: we decided to close connection 4 because it was idle\n2026-11-30 12:00:02 ERROR pool: always retry, never give up\nis that bad?",
        say: "No: the pool closes idle connections, and opens them when they are needed.", expect: "none",
      },
      { user: "fix the typo in AGENTS.md if there is one", run: ["cat AGENTS.md"], say: "I found no typo.", expect: "none" },
    ],
  },
  {
    name: "long",
    compact: "We move the importer to streams so that large files fit in memory.\n\n## Key decisions\n- Rows are read in batches of 500, because the database locks otherwise.\n\n## Next steps\n- Read the header by streams too.\n- Measure it on the large file.",
    turns: [
      { user: "Move the importer to streams.", say: "The reader is moved; the header is not yet.", expect: "none" },
      { user: "go on with the header", say: "The header is read by streams as well.", expect: "handoff:streams decision:500" },
    ],
  },
];
