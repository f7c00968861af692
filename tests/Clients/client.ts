// A program of a shop, against the client that openapi-typescript generated from the document of a running server. It compiles only
// if the document describes these calls, their parameters and their answers. Prints what it found as one line of JSON.
import createClient from "openapi-fetch";
import type { paths } from "./schema";

declare const process: { argv: string[] };
const [baseUrl, key] = process.argv.slice(2);
const wellmet = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

const sent = await wellmet.POST("/v1/track", { body: { userId: "17850", event: "Product Viewed", messageId: "from-client", properties: { product_id: "71053" } } });
const statuses: string[] = sent.data?.events.map((event) => event.status) ?? [];

const numbers: string[] = [];
for (let cursor: string | undefined; ;) {
  const page = await wellmet.GET("/v1/orders", { params: { query: { buyers: "known", limit: 1, cursor } } });
  if (!page.data) throw new Error(page.error.detail);
  numbers.push(...page.data.data.map((order) => order.number));
  if (page.data.next_cursor === null) break;
  cursor = page.data.next_cursor;
}

const product = await wellmet.GET("/v1/products/{id}", { params: { path: { id: "71053" } } });
const price: number | undefined = product.data?.price?.amount_minor;

// @ts-expect-error: the document knows no such state
const wrong = await wellmet.GET("/v1/orders", { params: { query: { state: "lost" } } });

console.log(JSON.stringify({ statuses, numbers, price, refused: wrong.error?.code, parameter: wrong.error?.parameter }));
