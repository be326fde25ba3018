// The peer: nodemailer with its pool, filling html and text for each person and handing them to the same server.
// Arguments: port, messages, connections, path of the JSON file with the two templates.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const nodemailer = require("nodemailer");
const [port, messages, connections, path] = process.argv.slice(2);
const { html, text } = JSON.parse(readFileSync(path, "utf8"));
const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
const escaped = (value) => String(value).replace(/[&<>"']/g, (mark) => escapes[mark]);

// Compiled once, as any template engine would: a list of pieces and names.
const compiled = (source) => source.split(/\{\{ (\w+) \}\}/);
const filled = (pieces, values, mark) =>
  pieces.map((piece, number) => (number % 2 ? mark(values[piece]) : piece)).join("");
const htmlPieces = compiled(html);
const textPieces = compiled(text);

const pool = nodemailer.createTransport({
  host: "127.0.0.1", port: Number(port), secure: false, ignoreTLS: true,
  pool: true, maxConnections: Number(connections), maxMessages: Infinity,
  disableFileAccess: true, disableUrlAccess: true,
});
const total = Number(messages);
const started = process.hrtime.bigint();
let next = 0;
let done = 0;
let failed = 0;

function fill() {
  while (next < total && pool.isIdle()) {
    const number = next++;
    const values = { name: `Änne${number}`, plan: number % 3 ? "free" : "pro", spent: number % 100, id: `e${number}`, city: "Köln" };
    pool.sendMail({
      from: { name: "The shop", address: "shop@example.com" },
      to: `p${number}@example.com`,
      subject: `Hello ${values.name}`,
      html: filled(htmlPieces, values, escaped),
      text: filled(textPieces, values, String),
    }, (error) => {
      if (error) failed++;
      if (++done === total) {
        const seconds = Number(process.hrtime.bigint() - started) / 1e9;
        console.log(JSON.stringify({ seconds, failed }));
        pool.close();
      }
    });
  }
}
pool.on("idle", fill);
fill();
