const { Pool } = require('pg');

// Was new Pool({ max: 50 }) until the database ran out of connections.
const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: 4,
  idleTimeoutMillis: 30_000,
});

module.exports = { pool };
