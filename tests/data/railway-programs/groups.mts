import * as iac from "railway/iac";
import { service as svc, group } from "railway";

export const partial = "payments";
const names = ["api", "jobs"] as const;
const base = { start: "node main.js", build: { builder: "RAILPACK", watchPatterns: ["src/**"] } };

export default iac.define((ctx, project) => {
  const db = iac.database("ledger", "postgres", { image: "acme/postgres:16", output: "PG_URL" });
  let region = "us-west2";
  switch (ctx.environment) {
    case "eu":
      region = "europe-west4-drams3a";
      break;
    default:
      region = "us-west2";
  }
  const services = names.map((name, index) =>
    svc(name, {
      ...base,
      root: `services/${name}`,
      replicas: { [region]: { replicas: index + 2, stacker: null } },
      env: { DATABASE_URL: iac.ref(db, "PG_URL"), ROLE: name.toUpperCase() },
      ...(name === "jobs" ? { deploy: { cronSchedule: "*/5 * * * *", restartPolicyType: "NEVER" } } : {}),
    }),
  );
  const grouped = group("payments", [db, services], { color: "#fff" });
  return project("bank", { resources: [...grouped, iac.fn("hook", { start: "bun run hook.ts" }), iac.bucket("files", { region: "iad" })] });
});
