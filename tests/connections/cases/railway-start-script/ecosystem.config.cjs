module.exports = {apps: [
 {name: "web", script: "server.js", instances: 3},
 {name: "cron", script: "cron.js", instances: 7}]}
