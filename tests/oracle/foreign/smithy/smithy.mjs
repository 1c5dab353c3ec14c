// Signs the requests described on standard input, one JSON object per line, and prints them as they are to be sent.

import { createHash, createHmac } from "node:crypto";
import { createInterface } from "node:readline";
import { HttpRequest, buildQueryString } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { SignatureV4a } from "@smithy/signature-v4a";

const SIGNERS = { sigv4: SignatureV4, sigv4a: SignatureV4a };

/** What the signers want of a hash: HMAC if it is given a key. */
class Sha256 {
  constructor(key) {
    this.hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  }
  update(data) {
    this.hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.hash.digest());
  }
}

async function signed(asked) {
  const s3 = asked.service === "s3";
  const { accessKeyId, secretAccessKey, sessionToken } = asked;
  const signer = new SIGNERS[asked.algorithm]({
    credentials: { accessKeyId, secretAccessKey, sessionToken: sessionToken ?? undefined },
    region: asked.region,
    service: asked.service,
    sha256: Sha256,
    uriEscapePath: !s3,
  });
  const presigns = asked.expires !== null;
  const request = unsigned(asked, asked.unsignedPayload || (presigns && s3));
  const signingDate = new Date(asked.time);
  if (!presigns) return signer.sign(request, { signingDate });
  // The SDK's presigner for S3 leaves the content type open, too.
  const unsignableHeaders = new Set(s3 ? ["content-type"] : []);
  return signer.presign(request, { signingDate, expiresIn: asked.expires, unsignableHeaders });
}

function unsigned(asked, payloadIsOpen) {
  const query = {};
  for (const [name, value] of asked.query) {
    query[name] = name in query ? [query[name], value].flat() : value;
  }
  const open = payloadIsOpen ? { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } : {};
  return new HttpRequest({
    method: asked.method,
    path: asked.path,
    query,
    headers: { host: asked.host, ...Object.fromEntries(asked.headers), ...open },
    body: Buffer.from(asked.body, "base64"),
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { path, query, headers } = await signed(JSON.parse(line));
  const text = buildQueryString(query);
  console.log(JSON.stringify({ target: text ? `${path}?${text}` : path, headers: Object.entries(headers) }));
}
