import { defineRailway, github, image, postgres, preserve, project, redis, service, volume } from "railway/iac";
import type { RailwayContext } from "railway/iac";

type Size = { cpu: number; memory: number };
const SIZES: Record<string, Size> = {
  production: { cpu: 2, memory: 2 * 1024 ** 3 },
  staging: { cpu: 0.5, memory: 512 * 1024 ** 2 },
};
const source = github("acme/shop", { checkSuites: true, rootDirectory: "apps/web" });

function limits(size: Size) {
  const { cpu, memory: memoryBytes } = size;
  return { limitOverride: { containers: { cpu, memoryBytes } } };
}

const worker = (name: string, queue: string, count = 1) =>
  service(`worker-${name}`, { source, start: `node worker.js --queue ${queue}`, replicas: count });

export default defineRailway(async (ctx: RailwayContext) => {
  const isProduction = ctx.isEnvironment("production");
  const size = SIZES[ctx.environment!] ?? SIZES.staging;
  const db = postgres("shop-db", { region: isProduction ? "us-west2" : undefined });
  const cache = redis("cache");
  const uploads = volume("uploads", { sizeMB: 10_000, region: "us-west2" });
  const env: Record<string, unknown> = { DATABASE_URL: db.env.DATABASE_URL, NODE_ENV: "production" };
  if (isProduction) {
    env.SENTRY_DSN = ctx.shared.SENTRY_DSN;
    db.deploy = { ...db.deploy, limitOverride: { containers: { memoryBytes: 4e9 } } };
  }
  const web = service("web", {
    source,
    run: { command: "node server.js", healthcheck: "/healthz", healthcheckTimeout: 60 },
    healthcheck: isProduction ? "/ready" : undefined,
    preDeploy: ["npm run migrate"],
    regions: isProduction ? { "us-west2": { count: 2 }, "europe-west4-drams3a": 1 } : undefined,
    deploy: { ...limits(size), drainingSeconds: 30, numReplicas: 9 },
    env: { ...env, API_KEY: preserve(), RATIO: String(1 / 4) },
    domains: ["shop.example", { domain: "www.shop.example", port: 3000 }],
    numReplicas: 4,
  } as any);
  const media = service("media", {
    source: image("ghcr.io/acme/media:1.2", { autoUpdates: { type: "minor" } }),
    volumeMounts: { "/data": uploads },
    variables: { CACHE: cache.env.REDIS_URL },
    tcp: [9000],
  });
  const resources = [db, cache, uploads, web, media];
  for (const [queue, count] of Object.entries({ mail: 1, images: 3 })) {
    if (queue === "images" && !isProduction) continue;
    resources.push(worker(queue, queue, count));
  }
  return project("shop", { environments: ["production", "staging"], resources });
});
