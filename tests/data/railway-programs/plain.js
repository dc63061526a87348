const { project, service, mysql, template, empty } = require("railway/iac");

const db = mysql("db");
const tuned = { startCommand: "npm start", healthcheckPath: "/up", preDeployCommand: "npm run db" };
module.exports = project("plain", {
  services: [
    db,
    service("a", { ...tuned, rootDirectory: "a", deploy: { preDeployCommand: ["x"], multiRegionConfig: { "us-west2": { numReplicas: 2 } } } }),
    service("b", { source: { repo: "acme/b" }, replicas: 0, networking: { privateNetworkEndpoint: "b" }, tcpProxies: ["5432"] }),
    service("c", { source: template("redis"), build: "make", env: { A: { value: "1", isSealed: true } } }),
    service("d", { source: empty(), root: "d", start: "" }),
  ],
});
