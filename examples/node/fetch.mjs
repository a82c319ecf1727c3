// fetch.mjs - fetches pages with Node's own http module: one event loop, async functions.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { lookup } from "node:dns";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import zlib from "node:zlib";

const job = JSON.parse(readFileSync(process.env.BENCH_JOB));
const fresh = job.connections === "fresh";

// With a limit of sockets and no keepAlive, an agent keeps connections while requests wait for it.
const options = fresh ? { keepAlive: false } : { keepAlive: true, maxSockets: job.level };
const agents = {
  "http:": new http.Agent(options),
  "https:": new https.Agent({ ...options, maxCachedSessions: 0 }), // a full handshake each
};

const headers = {};
for (const header of job.headers) {
  const colon = header.indexOf(":");
  const name = header.slice(0, colon);
  (headers[name] ??= []).push(header.slice(colon + 1).trim());
}
if (job.gzip) headers["Accept-Encoding"] = "gzip";

const tls = { rejectUnauthorized: !job.insecure };
if (job.ca_file) tls.ca = readFileSync(job.ca_file);

function resolve(host, how, found) {
  const known = job.resolve[host];
  if (!known) return lookup(host, how, found);
  const family = known.includes(":") ? 6 : 4;
  return how.all ? found(null, [{ address: known, family }]) : found(null, known, family);
}

// zlib.crc32() exists from Node 20.15 on.
const table = new Uint32Array(256).map((_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = (byte >>> 1) ^ (byte & 1 ? 0xedb88320 : 0);
  return byte;
});
function slowCrc32(data, value) {
  value = ~value;
  for (const byte of data) value = table[(value ^ byte) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}
const crc32 = zlib.crc32 ?? slowCrc32;

// Fetches one page; resolves to what follows the stamps in its line.
function get(target, ms) {
  return new Promise((settle) => {
    let bytes = 0;
    let checksum = 0;
    let connected = false;
    const fail = (error) => {
      clearTimeout(timer);
      const connect = connected || error.message === "timeout" ? "" : "connect: ";
      settle(`error ${connect}${error.message.split("\n")[0].slice(0, 200)}`);
    };
    const request = target.module.get({ ...target.options }, (response) => {
      const packed = job.gzip && response.headers["content-encoding"] === "gzip";
      const body = packed ? pipeline(response, zlib.createGunzip(), () => {}) : response;
      body.on("data", (data) => {
        bytes += data.length;
        checksum = crc32(data, checksum);
      });
      body.on("error", fail);
      body.on("end", () => {
        clearTimeout(timer);
        settle(`${response.statusCode} ${bytes} ${checksum.toString(16)}`);
      });
    });
    const timer = setTimeout(() => request.destroy(new Error("timeout")), ms);
    request.on("error", fail);
    request.on("socket", (socket) => {
      if (!socket.connecting) connected = true;
      else socket.once(target.ready, () => (connected = true));
    });
  });
}

const targets = job.urls.map((text) => {
  const url = new URL(text);
  const secure = url.protocol === "https:";
  return {
    module: secure ? https : http,
    ready: secure ? "secureConnect" : "connect",
    options: {
      host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port, path: url.pathname + url.search,
      agent: agents[url.protocol], headers, lookup: resolve, ...tls,
    },
  };
});

const lines = [];
const now = process.hrtime.bigint; // CLOCK_MONOTONIC
const msUntil = (offset) => Number(zero + BigInt(offset) - now()) / 1e6;
let zero, next = 0;
async function worker() {
  while (next < targets.length) {
    const i = next++, limit = job.timeout_s * 1000;
    for (let ms; job.due_ns && (ms = msUntil(job.due_ns[i])) > 0; ) await sleep(ms);
    const start = now(), left = job.due_ns ? msUntil(job.stop_ns) : limit;
    const result = left > 0 ? await get(targets[i], Math.min(left, limit)) : "";
    const over = left < limit && (!result || result === "error timeout"); // with a rate
    lines.push(over ? `${i} ${result ? start : "-"} - unfinished` : `${i} ${start} ${now()} ${result}`);
  }
}

createInterface({ input: process.stdin }).once("line", async (go) => {
  zero = BigInt(go.split(" ")[1] ?? 0); // go, or with a rate: go NS
  await Promise.all(Array.from({ length: job.level }, worker));
  process.stdout.write("done\n");
  process.stdout.write(`${lines.join("\n")}\nend\n`, () => process.exit(0));
});
process.stdout.write("ready 2\n");
